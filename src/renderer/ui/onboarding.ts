import { create } from 'zustand';

/**
 * True from the moment a vault is made until the workspace has its name: unlocking ends a later visit, but not the
 * first one.
 */
export const useOnboarding = create<{ readonly isNaming: boolean }>(() => ({ isNaming: false }));
