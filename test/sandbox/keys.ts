/**
 * Sandbox keys. All come from one mnemonic that is printed in the documentation of every Ethereum test node: they are
 * public knowledge and guard nothing. SECURITY: never use them, or an address of theirs, on any other network.
 */
import { pbkdf2Sync } from 'node:crypto';
import { keccak256, stringToHex } from 'viem';
import { HDKey, hdKeyToAccount, privateKeyToAccount } from 'viem/accounts';

export const SANDBOX_MNEMONIC = 'test test test test test test test test test test test junk';

export type SandboxKey = ReturnType<typeof privateKeyToAccount> | ReturnType<typeof hdKeyToAccount>;

// BIP-39 with an empty passphrase
const master = HDKey.fromMasterSeed(pbkdf2Sync(SANDBOX_MNEMONIC, 'mnemonic', 2048, 64, 'sha512'));

/** Own accounts of the treasury: `m/44'/60'/0'/0/i`, what the app derives from the same words. */
export const treasuryKey = (index: number): SandboxKey =>
  hdKeyToAccount(master, { path: `m/44'/60'/0'/0/${index}` });

/** Banks: index 0 deploys the implementation, then one per issuer, 100 + i their registrars, 200 + i their desks. */
export const bankKey = (index: number): SandboxKey =>
  hdKeyToAccount(master, { path: `m/44'/60'/1'/0/${index}` });

export const supplierKey = (index: number): SandboxKey =>
  hdKeyToAccount(master, { path: `m/44'/60'/2'/0/${index}` });

/** Key of a bank that comes in at run time; the same name gives the same key in every process. */
export const namedBankKey = (name: string): SandboxKey =>
  privateKeyToAccount(keccak256(stringToHex(`nostro sandbox bank: ${name}`)));
