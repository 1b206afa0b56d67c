/** Payment files that journeys need beside the sandbox's own samples. */
import {
  type FilePayment,
  type Pain001,
  type SandboxDescription,
  type SandboxSupplier,
  sampleGroups,
  writePain001,
} from '../../sandbox/index';

export const creditorOf = (supplier: SandboxSupplier): FilePayment['creditor'] => ({
  name: supplier.name,
  account: supplier.externalId,
  bic: supplier.bic,
  lei: supplier.lei,
  postalAddress: supplier.postalAddress,
});

export const supplierNamed = (description: SandboxDescription, name: string): SandboxSupplier => {
  const found = description.suppliers.find((one) => one.name.startsWith(name));
  if (!found) throw new Error(`the sandbox has no supplier ${name}`);
  return found;
};

/** The clean sample with payments changed, totals right. */
export const changedSample = (
  description: SandboxDescription,
  options: { readonly messageId: string; readonly count: number },
  change: (payment: FilePayment, index: number) => FilePayment,
): string => {
  const today = new Date().toISOString().slice(0, 10);
  let index = -1;
  const groups = sampleGroups(description, options).map((group) => ({
    ...group,
    payments: group.payments.map((payment) => {
      index += 1;
      return change(payment, index);
    }),
  }));
  const message: Pain001 = {
    version: '09',
    messageId: options.messageId,
    createdAt: `${today}T08:30:00Z`,
    initiatingParty: description.company.name,
    groups,
  };
  return writePain001(message);
};
