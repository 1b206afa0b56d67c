/** The renderer alone, with made-up data, as part of the Chromium lane. */
import '../../renderer/approval.spec';
import '../../renderer/behaviour.spec';
import '../../renderer/features.spec';
import '../../renderer/screens.spec';
