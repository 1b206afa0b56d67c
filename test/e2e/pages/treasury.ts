import type { EnrolmentDesk } from '../../sandbox/enrolment-desk';
import type { RunningApp } from '../lanes/lane';
import { openApprovalWindow } from './approval';
import { addSandbox, createVault } from './onboarding';
import { type BatchPage, chooseFile, createBatch, readVerdict, releaseHolds } from './payments';
import { awaitFunds } from './position';

/** A vault with the sandbox and money in five currencies. Answers the recovery words. */
export const openTreasury = async (app: RunningApp, desk: EnrolmentDesk): Promise<readonly string[]> => {
  const words = await createVault(app);
  await addSandbox(app.page);
  await awaitFunds(app.page, desk, 5);
  return words;
};

/** From a file that is right to a batch whose payments were checked. */
export const importBatch = async (app: RunningApp, file: string): Promise<BatchPage> => {
  await chooseFile(app, file);
  const verdict = await readVerdict(app.page);
  if (verdict !== 'right') throw new Error(`the file is ${verdict}`);
  await releaseHolds(app.page);
  const batch = await createBatch(app.page);
  await batch.preflight();
  return batch;
};

/** Opens the approval window for a checked batch and signs it. */
export const approveBatch = async (app: RunningApp, batch: BatchPage): Promise<void> => {
  await batch.requestApproval();
  const approval = await openApprovalWindow(app);
  await approval.sign();
};
