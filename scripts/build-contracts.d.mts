/** Folder of the compiled contracts. */
export const artifactDir: string;
/** Compiles what changed; `compiled` tells whether the compiler ran. */
export function buildContracts(options?: { force?: boolean }): {
  artifactDir: string;
  hash: string;
  compiled: boolean;
};
