/** What happened; what it means for the money; what to do. */
export type Words = { readonly title: string; readonly meaning: string; readonly action: string };

export const SENT_NOTHING = 'Nothing was sent.';
export const CHANGED_NOTHING = 'Nothing was changed.';
export const w = (title: string, meaning: string, action: string): Words => ({ title, meaning, action });
