/**
 * Checks who may import whom (docs/architecture.md). Default: disallowed. One owner per sharp tool.
 *
 * The files are read with oxc's parser (it comes with the bundler), because it tells type-only imports from the
 * others without a TypeScript compiler API. The rules are data (below); `checkSources` is pure.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'rolldown/utils';

/** npm packages (exact name, or a scope ending in `/`) and the zones whose files may import them. */
const PACKAGE_OWNERS = [
  // SECURITY: key material is touched in one module only.
  { packages: ['@noble/secp256k1', '@scure/'], owners: [/^main\/vault\//] },
  { packages: ['hash-wasm', '@zxcvbn-ts/'], owners: [/^main\/vault\//] },
  { packages: ['@noble/ciphers'], owners: [/^main\/vault\//, /^main\/platform\/sealed-box\.ts$/] },
  // SECURITY: one driver module opens SQLite files.
  {
    packages: ['better-sqlite3-multiple-ciphers', 'better-sqlite3', 'libsql'],
    owners: [/^main\/ledger\/([^/]+\/)*(sqlite-)?driver[^/]*\.ts$/],
  },
  { packages: ['electron-store'], owners: [/^main\/shell\/settings-file\.ts$/] },
  { packages: ['saxes', 'csv-parse'], owners: [/^main\/[^/]+\//] },
  { packages: ['viem', '@noble/hashes', '@noble/curves'], owners: [/^main\/[^/]+\//] },
  { packages: ['zod'], owners: [/^shared\//, /^main\//, /^renderer\/(?!approval)/] },
  { packages: ['react', 'react-dom'], owners: [/^renderer\/(?!client\/)/] },
  {
    packages: ['@mantine/', '@tabler/', '@tanstack/', '@fontsource-variable/', 'recharts', 'zustand', 'qr'],
    // SECURITY: the approval window shows its own code only.
    owners: [/^renderer\/(app|features|ui)\//, /^renderer\/main\.tsx$/],
  },
];

/** Node modules that open sockets: only chain may reach the network, and one module takes them away. */
const NETWORK_MODULES = ['http', 'https', 'http2', 'net', 'tls', 'dgram', 'dns', 'dns/promises', 'undici'];

const NETWORK_OWNERS = [/^main\/chain\//, /^main\/platform\/socket-guard\.ts$/];

const MAIN_GLUE = /^main\/(ipc|shell|platform)\//;
/** Files directly in src/main construct and wire; of these only index and compose may touch electron. */
const MAIN_ROOT = /^main\/[^/]+\.ts$/;
const MAIN_PROCESS = /^main\/[^/]+\/[^/]+\.(process|worker)\.ts$/;
const ELECTRON_USERS = [
  /^main\/ipc\/server\.ts$/,
  /^main\/shell\//,
  /^main\/platform\/(?!child)/,
  /^main\/(index|compose)\.ts$/,
  /^preload\//,
];
const DATA_FILE = /\.(css|svg|png|woff2?|json|sql)$/;

const folderOf = (file, depth) => file.split('/').slice(0, depth).join('/');

/** Which part of the house a file belongs to; `undefined` is itself a violation. */
function zoneOf(file) {
  if (file.startsWith('shared/')) return 'shared';
  if (MAIN_ROOT.test(file)) return 'main-root';
  if (MAIN_PROCESS.test(file)) return 'main-process';
  if (MAIN_GLUE.test(file)) return 'main-glue';
  if (/^main\/[^/]+\//.test(file)) return 'main-domain';
  if (/^preload\/[^/]+\.ts$/.test(file)) return 'preload';
  if (/^renderer\/features\/[^/]+\//.test(file)) return 'renderer-feature';
  const part = /^renderer\/(app|client|approval|ui)\//.exec(file);
  if (part) return `renderer-${part[1]}`;
  if (/^renderer\/[^/]+\.(ts|tsx)$/.test(file)) return 'renderer-entry';
  return undefined;
}

/** May `from` import the project file `to`? Paths are relative to src. */
function isAllowedFile(from, to, isType) {
  const own = (depth) => folderOf(from, depth) === folderOf(to, depth);
  const inShared = to.startsWith('shared/');
  // Style sheets are nobody's secret; the approval window has its own.
  if (/^renderer\/styles\/[^/]+\.css$/.test(to)) return from.startsWith('renderer/');
  // SECURITY: the sealed box is code of both children that pass the database key through main.
  if (to === 'main/platform/sealed-box.ts' && /^main\/(vault\/|ledger\/ledger\.process\.ts$)/.test(from))
    return true;
  switch (zoneOf(from)) {
    case 'shared':
      return inShared;
    case 'main-root':
      return inShared || to.startsWith('main/');
    case 'main-process':
      return (
        inShared ||
        own(2) ||
        to === 'main/platform/child-server.ts' ||
        (isType && to.startsWith('main/platform/'))
      );
    case 'main-glue':
    case 'main-domain':
      return inShared || own(2) || (isType && to.startsWith('main/') && !MAIN_ROOT.test(to));
    case 'preload':
      return isType && inShared;
    case 'renderer-app':
      return (
        inShared ||
        /^renderer\/(app|ui|client)\//.test(to) ||
        /^renderer\/features\/[^/]+\/index\.tsx?$/.test(to)
      );
    case 'renderer-feature':
      return inShared || own(3) || /^renderer\/(ui|client)\//.test(to);
    case 'renderer-client':
      return inShared || own(2);
    case 'renderer-approval':
      return inShared || own(2) || /^renderer\/client\/approvals?[^/]*$/.test(to);
    case 'renderer-ui':
      return inShared || own(2);
    case 'renderer-entry':
      return /^renderer\/approval\.tsx$/.test(from)
        ? inShared || to.startsWith('renderer/approval/')
        : inShared || /^renderer\/(app|ui|client)\//.test(to);
    default:
      return false;
  }
}

function checkPackage(from, specifier, isType, names) {
  const builtin = specifier.startsWith('node:') ? specifier.slice(5) : specifier;
  if (specifier.startsWith('node:') || builtinModules.includes(specifier)) {
    if (!specifier.startsWith('node:')) return `write node:${specifier}`;
    if (!from.startsWith('main/')) return `${specifier}: node: is for the main side`;
    if (!isType && NETWORK_MODULES.includes(builtin) && !NETWORK_OWNERS.some((owner) => owner.test(from))) {
      return `${specifier}: only chain may reach the network`;
    }
    return undefined;
  }
  if (specifier === 'electron' || specifier.startsWith('electron/')) {
    if (!ELECTRON_USERS.some((user) => user.test(from)))
      return 'electron is for ipc/server, shell, platform, index and compose';
    if (from.startsWith('preload/')) {
      const extra = names.filter((name) => !['contextBridge', 'ipcRenderer', 'webUtils'].includes(name));
      if (!isType && (extra.length > 0 || names.length === 0))
        return 'a preload uses contextBridge, ipcRenderer and webUtils only';
    }
    if (!isType && names.includes('ipcMain') && from !== 'main/ipc/server.ts')
      return 'ipcMain is for main/ipc/server.ts';
    if (!isType && from.startsWith('main/') && (names.length === 0 || names.includes('*'))) {
      return 'import what is needed from electron by name';
    }
    return undefined;
  }
  const rule = PACKAGE_OWNERS.find(({ packages }) =>
    packages.some((name) =>
      name.endsWith('/')
        ? specifier.startsWith(name)
        : specifier === name || specifier.startsWith(`${name}/`),
    ),
  );
  if (!rule) return `${specifier} is not on the list of packages in scripts/import-rules.mjs`;
  if (!rule.owners.some((owner) => owner.test(from))) return `${specifier} belongs to other modules`;
  return undefined;
}

const literal = (node) =>
  node?.type === 'Literal' && typeof node.value === 'string' ? node.value : undefined;
const nameOf = (node) => (node?.type === 'Identifier' ? node.name : (literal(node) ?? ''));

/** Every import of a file: `{ specifier, isType, names, at }`; and uses of globals that have one owner. */
function readImports(file, text) {
  const { program, errors } = parseSync(file, text);
  const imports = [];
  const findings = [];
  if (errors.length > 0) {
    const [{ message, labels }] = errors;
    return { imports, findings: [{ at: labels?.[0]?.start ?? 0, message: `cannot be parsed: ${message}` }] };
  }
  const add = (specifier, isType, names, node) => imports.push({ specifier, isType, names, at: node.start });
  // A helper of a file's own may bear the name; the loader's `require` is never declared, or comes from createRequire.
  const hasOwnRequire = /\bfunction require\b|\b(?:const|let) require\b(?!\s*=\s*createRequire)/.test(text);
  const computed = (node, what) => findings.push({ at: node.start, message: `${what} with a computed name` });

  const visit = (node) => {
    if (Array.isArray(node)) {
      for (const each of node) visit(each);
      return;
    }
    if (node === null || typeof node !== 'object' || typeof node.type !== 'string') return;
    switch (node.type) {
      case 'ImportDeclaration':
        add(
          node.source.value,
          node.importKind === 'type',
          node.specifiers.map((each) => (each.type === 'ImportSpecifier' ? nameOf(each.imported) : '*')),
          node,
        );
        break;
      case 'ExportNamedDeclaration':
        if (node.source) {
          add(
            node.source.value,
            node.exportKind === 'type',
            node.specifiers.map((each) => nameOf(each.local)),
            node,
          );
        }
        break;
      case 'ExportAllDeclaration':
        add(node.source.value, node.exportKind === 'type', ['*'], node);
        break;
      case 'ImportExpression':
        if (literal(node.source) === undefined) computed(node, 'import()');
        else add(literal(node.source), false, ['*'], node);
        break;
      case 'TSImportType': {
        const source = literal(node.source ?? node.argument?.literal ?? node.argument);
        if (source !== undefined) add(source, true, ['*'], node);
        break;
      }
      case 'TSExternalModuleReference':
        add(node.expression.value, false, ['*'], node);
        break;
      case 'CallExpression':
        if (
          !hasOwnRequire &&
          node.callee.type === 'Identifier' &&
          /^require$|Require$/.test(node.callee.name) &&
          node.callee.name !== 'createRequire'
        ) {
          const source = literal(node.arguments[0]);
          if (source === undefined) computed(node, 'require()');
          else add(source, false, ['*'], node);
        }
        if (node.callee.type === 'Identifier' && node.callee.name === 'fetch') {
          findings.push({
            at: node.start,
            message: 'fetch: only chain may reach the network',
            unless: /^main\/chain\//,
          });
        }
        break;
      case 'NewExpression':
        if (
          node.callee.type === 'Identifier' &&
          ['WebSocket', 'XMLHttpRequest', 'EventSource'].includes(node.callee.name)
        ) {
          findings.push({
            at: node.start,
            message: `${node.callee.name}: only chain may reach the network`,
            unless: /^main\/chain\//,
          });
        }
        break;
      case 'MemberExpression':
        if (
          nameOf(node.property) === 'bridge' &&
          ['window', 'globalThis', 'self'].includes(nameOf(node.object))
        ) {
          findings.push({
            at: node.start,
            message: 'window.bridge is for renderer/client',
            unless: /^renderer\/client\//,
          });
        }
        break;
    }
    for (const key in node) if (key !== 'type' && key !== 'parent') visit(node[key]);
  };
  visit(program.body);
  return { imports, findings };
}

const lineOf = (text, offset) => text.slice(0, offset).split('\n').length;

function resolveRelative(from, specifier, exists) {
  const target = path.posix.normalize(
    path.posix.join(path.posix.dirname(from), specifier.replace(/\?.*$/, '')),
  );
  const candidates = DATA_FILE.test(target)
    ? [target]
    : [`${target}.ts`, `${target}.tsx`, `${target}/index.ts`, `${target}/index.tsx`, target];
  return candidates.find(exists) ?? undefined;
}

/** Value imports that lead back to where they started; each cycle once. */
function findCycles(graph) {
  const state = new Map();
  const cycles = [];
  const walk = (file, trail) => {
    state.set(file, 'open');
    for (const next of graph.get(file) ?? []) {
      if (state.get(next) === 'open') cycles.push([...trail.slice(trail.indexOf(next)), next]);
      else if (!state.has(next)) walk(next, [...trail, next]);
    }
    state.set(file, 'done');
  };
  for (const file of graph.keys()) if (!state.has(file)) walk(file, [file]);
  return cycles;
}

/**
 * @param {Map<string, string>} sources path below src (posix) → text, for every .ts and .tsx file
 * @param {(path: string) => boolean} [hasOther] whether another file (data, assets) exists below src
 * @returns {{ file: string, line: number, message: string }[]}
 */
export function checkSources(sources, hasOther = () => false) {
  const violations = [];
  const graph = new Map();
  const exists = (file) => sources.has(file) || hasOther(file);
  for (const [file, text] of sources) {
    const report = (at, message) => violations.push({ file, line: lineOf(text, at), message });
    if (zoneOf(file) === undefined) report(0, 'belongs to no zone of docs/architecture.md');
    const { imports, findings } = readImports(file, text);
    for (const finding of findings) if (!finding.unless?.test(file)) report(finding.at, finding.message);
    const edges = [];
    graph.set(file, edges);
    for (const { specifier, isType, names, at } of imports) {
      if (!specifier.startsWith('.')) {
        const message = checkPackage(file, specifier, isType, names);
        if (message) report(at, message);
        continue;
      }
      const target = resolveRelative(file, specifier, exists);
      if (!target) report(at, `${specifier} does not exist`);
      else if (target.startsWith('../')) {
        if (!((file.startsWith('renderer/') || target.endsWith('.json')) && target.startsWith('../assets/')))
          report(at, `${specifier} is outside src`);
      } else {
        if (!isAllowedFile(file, target, isType))
          report(at, `${file} may not import ${target}${isType ? '' : ' as a value'}`);
        if (!isType) edges.push(target);
      }
    }
  }
  for (const cycle of findCycles(graph)) {
    violations.push({ file: cycle[0], line: 1, message: `imports itself: ${cycle.join(' → ')}` });
  }
  return violations;
}

/** Reads every source below `root`/src and checks it. */
export function checkTree(root) {
  const src = path.join(root, 'src');
  const sources = new Map();
  for (const entry of readdirSync(src, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (entry.isFile() && /\.tsx?$/.test(entry.name)) {
      sources.set(path.relative(src, file).split(path.sep).join('/'), readFileSync(file, 'utf8'));
    }
  }
  return {
    files: sources.size,
    violations: checkSources(sources, (file) => existsSync(path.join(src, file))),
  };
}

if (process.argv[1] && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const { files, violations } = checkTree(path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..'));
  for (const { file, line, message } of violations) console.error(`src/${file}:${line}  ${message}`);
  console.error(`import rules: ${files} files, ${violations.length} violations`);
  process.exit(violations.length === 0 && files > 0 ? 0 : 1);
}
