/**
 * Everything before the vault is open: first set-up, restore, import, unlock, and the last step of set-up.
 *
 * Invariants: recovery words never come through this page; secrets live in component state only and go with the
 * component. Called from app/.
 */
import { useSession } from '../../ui';
import { Frame } from './Frame';
import { Onboarding } from './Onboarding';
import { UnlockForm } from './UnlockForm';
import { WorkspaceStep } from './WorkspaceStep';

export const UnlockScreen = () => {
  const lock = useSession((state) => state.snapshot?.lock);
  return <Frame>{lock === 'absent' ? <Onboarding /> : <UnlockForm />}</Frame>;
};

export const WorkspaceScreen = () => (
  <Frame>
    <WorkspaceStep />
  </Frame>
);
