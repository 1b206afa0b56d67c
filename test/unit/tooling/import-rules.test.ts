import { describe, expect, it } from 'vitest';
import { checkSources, checkTree } from '../../../scripts/import-rules.mjs';
import { REPO_ROOT } from '../../support/bundle-children';

/** A small house in which every import is allowed. */
const house: Readonly<Record<string, string>> = {
  'shared/errors.ts': 'export class AppError extends Error {}',
  'shared/model/ids.ts': "import { z } from 'zod';\nexport const Id = z.string();\nexport type Id = string;",
  'main/index.ts': "import { app } from 'electron';\nimport { compose } from './compose';\ncompose(app);",
  'main/compose.ts':
    "import { createVault } from './vault';\nimport { log } from './platform/logger';\nexport const compose = (x: unknown) => [createVault, log, x];",
  'main/vault/index.ts':
    "import { sign } from './sign';\nimport type { Log } from '../platform/logger';\nimport type { Ledger } from '../ledger';\nexport const createVault = (log: Log, ledger: Ledger) => [sign, log, ledger];",
  'main/vault/sign.ts': "import * as secp from '@noble/secp256k1';\nexport const sign = secp;",
  'main/vault/vault.process.ts':
    "import { serveChild } from '../platform/child-server';\nimport { sign } from './sign';\nserveChild(sign);",
  'main/ledger/index.ts': 'export type Ledger = { a: 1 };',
  'main/ledger/driver.ts':
    "import Database from 'better-sqlite3-multiple-ciphers';\nexport const db = Database;",
  'main/chain/rpc.ts':
    "import https from 'node:https';\nimport { hexToBigInt } from 'viem';\nexport const rpc = [https, hexToBigInt, () => fetch('x')];",
  'main/ipc/server.ts': "import { ipcMain } from 'electron';\nexport const serve = () => ipcMain;",
  'main/ipc/router.ts': "import { AppError } from '../../shared/errors';\nexport const route = AppError;",
  'main/shell/windows.ts':
    "import { BrowserWindow } from 'electron';\nimport { readFileSync } from 'node:fs';\nexport const w = [BrowserWindow, readFileSync];",
  'main/platform/logger.ts': 'export const log = 1;\nexport type Log = number;',
  'main/platform/child-server.ts': 'export const serveChild = (x: unknown) => x;',
  'preload/main.ts':
    "import { contextBridge, ipcRenderer } from 'electron';\nimport type { Id } from '../shared/model/ids';\nexport const x = [contextBridge, ipcRenderer] as unknown as Id;",
  'renderer/main.tsx': "import { App } from './app/App';\nimport './app/app.css';\nexport const a = App;",
  'renderer/app/app.css': '',
  'renderer/app/App.tsx':
    "import { Position } from '../features/position';\nimport { Button } from '../ui/Button';\nexport const App = [Position, Button];",
  'renderer/features/position/index.ts': "export { Position } from './Position';",
  'renderer/features/position/Position.tsx':
    "import { client } from '../../client';\nimport { create } from 'zustand';\nexport const Position = [client, create];",
  'renderer/features/payments/index.ts': 'export const Payments = 1;',
  'renderer/features/payments/store.ts': 'export const store = 1;',
  'renderer/client/index.ts': 'export const client = window.bridge;',
  'renderer/client/approvals.ts': 'export const approvals = window.bridge;',
  'renderer/ui/Button.tsx': "import { Button as B } from '@mantine/core';\nexport const Button = B;",
  'renderer/approval.tsx': "import { Approval } from './approval/Approval';\nexport const a = Approval;",
  'renderer/approval/Approval.tsx':
    "import { useState } from 'react';\nimport { approvals } from '../client/approvals';\nexport const Approval = [useState, approvals];",
};

const check = (changes: Record<string, string> = {}) => {
  const files = new Map(Object.entries({ ...house, ...changes }));
  const sources = new Map([...files].filter(([name]) => /\.tsx?$/.test(name)));
  return checkSources(sources, (name) => files.has(name));
};

/** Each is the house with one thing wrong: the file, its text, and what the checker must say. */
const badTwins: readonly (readonly [rule: string, file: string, text: string, says: RegExp])[] = [
  [
    'shared imports main',
    'shared/a.ts',
    "import type { Ledger } from '../main/ledger';\nexport type A = Ledger;",
    /may not import main/,
  ],
  ['shared uses node:', 'shared/a.ts', "import 'node:fs';", /node: is for the main side/],
  [
    'shared uses another package',
    'shared/a.ts',
    "import { hexToBigInt } from 'viem';\nhexToBigInt;",
    /belongs to other modules/,
  ],
  [
    'a domain imports another as a value',
    'main/payments/a.ts',
    "import { createVault } from '../vault';\ncreateVault;",
    /as a value/,
  ],
  [
    'a domain imports another by mixed import',
    'main/payments/a.ts',
    "import { type createVault } from '../vault';\nexport type A = typeof createVault;",
    /as a value/,
  ],
  ['a domain re-exports another', 'main/payments/a.ts', "export * from '../vault';", /as a value/],
  [
    'a domain imports another dynamically',
    'main/payments/a.ts',
    "export const a = () => import('../vault');",
    /as a value/,
  ],
  ['a domain requires another', 'main/payments/a.ts', "const a = require('../vault'); a;", /as a value/],
  [
    'a domain imports platform as a value',
    'main/payments/a.ts',
    "import { log } from '../platform/logger';\nlog;",
    /as a value/,
  ],
  [
    'a domain imports electron',
    'main/payments/a.ts',
    "import { app } from 'electron';\napp;",
    /electron is for/,
  ],
  [
    'a domain imports electron as a type',
    'main/payments/a.ts',
    "import type { App } from 'electron';\nexport type A = App;",
    /electron is for/,
  ],
  [
    'a domain imports compose',
    'main/payments/a.ts',
    "import type { compose } from '../compose';\nexport type A = typeof compose;",
    /may not import main\/compose/,
  ],
  [
    'a domain imports the renderer',
    'main/payments/a.ts',
    "import { client } from '../../renderer/client';\nclient;",
    /may not import renderer/,
  ],
  [
    'a domain computes what it imports',
    'main/payments/a.ts',
    'export const a = (x: string) => import(x);',
    /computed name/,
  ],
  [
    'a process imports another domain',
    'main/vault/vault.process.ts',
    "import { db } from '../ledger/driver';\ndb;",
    /as a value/,
  ],
  [
    'a process imports platform beside child-server',
    'main/vault/vault.process.ts',
    "import { log } from '../platform/logger';\nlog;",
    /as a value/,
  ],
  [
    'keys outside the vault',
    'main/payments/a.ts',
    "import * as secp from '@noble/secp256k1';\nsecp;",
    /belongs to other modules/,
  ],
  [
    'derivation outside the vault',
    'main/directory/a.ts',
    "import { HDKey } from '@scure/bip32';\nHDKey;",
    /belongs to other modules/,
  ],
  [
    'SQLite outside the driver',
    'main/ledger/store.ts',
    "import Database from 'better-sqlite3-multiple-ciphers';\nDatabase;",
    /belongs to other modules/,
  ],
  [
    'libsql outside the driver',
    'main/payments/a.ts',
    "const a = require('libsql'); a;",
    /belongs to other modules/,
  ],
  [
    'ipcMain outside the server',
    'main/ipc/router.ts',
    "import { ipcMain } from 'electron';\nipcMain;",
    /electron is for/,
  ],
  [
    'ipcMain in the shell',
    'main/shell/windows.ts',
    "import { ipcMain } from 'electron';\nipcMain;",
    /ipcMain is for/,
  ],
  [
    'all of electron at once',
    'main/shell/windows.ts',
    "import * as electron from 'electron';\nelectron;",
    /by name/,
  ],
  [
    'the shell imports a domain as a value',
    'main/shell/a.ts',
    "import { createVault } from '../vault';\ncreateVault;",
    /as a value/,
  ],
  [
    'sockets outside chain',
    'main/directory/a.ts',
    "import net from 'node:net';\nnet;",
    /only chain may reach the network/,
  ],
  [
    'fetch outside chain',
    'main/directory/a.ts',
    "export const a = () => fetch('x');",
    /only chain may reach the network/,
  ],
  [
    'a socket in the renderer',
    'renderer/app/a.ts',
    "export const a = new WebSocket('x');",
    /only chain may reach the network/,
  ],
  [
    'a preload imports a value',
    'preload/main.ts',
    "import { Id } from '../shared/model/ids';\nId;",
    /may not import shared/,
  ],
  [
    'a preload uses more of electron',
    'preload/main.ts',
    "import { shell } from 'electron';\nshell;",
    /a preload uses/,
  ],
  [
    'a feature imports another',
    'renderer/features/position/a.ts',
    "import { store } from '../payments/store';\nstore;",
    /may not import renderer\/features\/payments/,
  ],
  [
    'app reaches into a feature',
    'renderer/app/a.ts',
    "import { store } from '../features/payments/store';\nstore;",
    /may not import renderer\/features/,
  ],
  [
    'the renderer imports main',
    'renderer/app/a.ts',
    "import type { Ledger } from '../../main/ledger';\nexport type A = Ledger;",
    /may not import main/,
  ],
  [
    'the renderer uses viem',
    'renderer/app/a.ts',
    "import { hexToBigInt } from 'viem';\nhexToBigInt;",
    /belongs to other modules/,
  ],
  [
    'the renderer uses electron',
    'renderer/app/a.ts',
    "import { ipcRenderer } from 'electron';\nipcRenderer;",
    /electron is for/,
  ],
  ['the renderer uses node:', 'renderer/app/a.ts', "import 'node:path';", /node: is for the main side/],
  [
    'the bridge outside the client',
    'renderer/app/a.ts',
    'export const a = window.bridge;',
    /window\.bridge is for/,
  ],
  [
    'third-party interface in the approval window',
    'renderer/approval/a.tsx',
    "import { Button } from '@mantine/core';\nButton;",
    /belongs to other modules/,
  ],
  [
    'the app in the approval window',
    'renderer/approval/a.tsx',
    "import { App } from '../app/App';\nApp;",
    /may not import renderer\/app/,
  ],
  [
    'ui imports the client',
    'renderer/ui/a.tsx',
    "import { client } from '../client';\nclient;",
    /may not import renderer\/client/,
  ],
  ['an unknown package', 'main/payments/a.ts', "import x from 'left-pad';\nx;", /not on the list/],
  [
    'test code in the product',
    'main/payments/a.ts',
    "import { x } from '../../../test/sandbox/x';\nx;",
    /does not exist|outside src/,
  ],
  ['a file in no zone', 'tools/a.ts', 'export const a = 1;', /no zone/],
  ['a builtin without its prefix', 'main/payments/a.ts', "import fs from 'fs';\nfs;", /write node:fs/],
  ['a circle', 'shared/errors.ts', "export { Id } from './circle';\n", /imports itself/],
];

describe('import rules', () => {
  it('accepts a house in order', () => {
    expect(check()).toEqual([]);
  });

  it.each(badTwins)('catches: %s', (_rule, file, text, says) => {
    const circle = { 'shared/circle.ts': "export { AppError as Id } from './errors';" };
    const violations = check({ ...(_rule === 'a circle' ? circle : {}), [file]: text });
    expect(violations.map((violation) => violation.message).join('\n')).toMatch(says);
  });

  it('refuses a file that it cannot read', () => {
    const [violation] = check({ 'shared/a.ts': 'export const a = 1;\nimport from' });
    expect(violation).toMatchObject({
      file: 'shared/a.ts',
      line: 2,
      message: expect.stringMatching(/cannot be parsed/),
    });
  });

  it('finds the sources of this repository', () => {
    expect(checkTree(REPO_ROOT).files).toBeGreaterThan(20);
  });
});
