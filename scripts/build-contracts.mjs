// Compiles the sandbox's Solidity sources to test/sandbox/artifacts/*.json (abi, bytecode), offline.
// The result depends on nothing but the sources, the compiler and its settings; a hash over these is kept beside the
// artifacts, so a second call costs a few milliseconds. Run by hand: `npm run build:contracts` (`--force` to recompile).
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const sourceDir = join(root, 'test', 'sandbox', 'contracts');
export const artifactDir = join(root, 'test', 'sandbox', 'artifacts');

/** EIP-170: the size a real chain accepts; the sandbox runs with the same limit. */
const MAX_CODE_BYTES = 24_576;

/** What is written out: contract name → the source it is in. */
const WANTED = {
  DepositToken: 'DepositToken.sol',
  DepositTokenV2: 'DepositTokenV2.sol',
  FalseReturningToken: 'FalseReturningToken.sol',
  ERC1967Proxy: '@openzeppelin/contracts/proxy/ERC1967/ERC1967Proxy.sol',
};

const SETTINGS = {
  optimizer: { enabled: true, runs: 200 },
  evmVersion: 'cancun',
  // The metadata hash would tie the bytecode to comments and paths.
  metadata: { bytecodeHash: 'none', appendCBOR: false },
  outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object', 'evm.deployedBytecode.object'] } },
};

/** Compiles what changed; returns the folder of artifacts and whether the compiler ran. */
export function buildContracts({ force = false } = {}) {
  const hash = hashInputs();
  if (!force && readBuiltHash() === hash) return { artifactDir, hash, compiled: false };
  const output = compile();
  mkdirSync(artifactDir, { recursive: true });
  for (const [name, source] of Object.entries(WANTED)) {
    const contract = output.contracts[source][name];
    const size = contract.evm.deployedBytecode.object.length / 2;
    if (size > MAX_CODE_BYTES)
      throw new Error(`${name} has ${size} bytes of code; the limit is ${MAX_CODE_BYTES}`);
    writeWhole(join(artifactDir, `${name}.json`), {
      name,
      size,
      abi: contract.abi,
      bytecode: `0x${contract.evm.bytecode.object}`,
    });
  }
  // Last, so that a build cut short is built again.
  writeWhole(join(artifactDir, 'build.json'), { hash });
  return { artifactDir, hash, compiled: true };
}

function sourceNames() {
  return readdirSync(sourceDir)
    .filter((name) => name.endsWith('.sol'))
    .sort();
}

function packageVersion(name) {
  return JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')).version;
}

function hashInputs() {
  const hash = createHash('sha256');
  hash.update(JSON.stringify({ SETTINGS, WANTED }));
  hash.update(packageVersion('solc')).update(packageVersion('@openzeppelin/contracts'));
  for (const name of sourceNames()) hash.update(name).update(readFileSync(join(sourceDir, name)));
  return hash.digest('hex');
}

function readBuiltHash() {
  const names = [...Object.keys(WANTED), 'build'];
  if (!names.every((name) => existsSync(join(artifactDir, `${name}.json`)))) return undefined;
  try {
    return JSON.parse(readFileSync(join(artifactDir, 'build.json'), 'utf8')).hash;
  } catch {
    return undefined;
  }
}

function compile() {
  const solc = require('solc');
  const sources = {};
  for (const name of sourceNames()) sources[name] = { content: readFileSync(join(sourceDir, name), 'utf8') };
  for (const source of Object.values(WANTED)) sources[source] ??= { content: readImport(source) };
  const input = { language: 'Solidity', sources, settings: SETTINGS };
  const output = JSON.parse(
    solc.compile(JSON.stringify(input), { import: (path) => ({ contents: readImport(path) }) }),
  );
  const problems = (output.errors ?? []).filter((entry) => entry.severity === 'error');
  if (problems.length > 0) {
    throw new Error(
      `Contracts do not compile:\n${problems.map((entry) => entry.formattedMessage).join('\n')}`,
    );
  }
  return output;
}

function readImport(path) {
  return readFileSync(join(root, 'node_modules', path), 'utf8');
}

function writeWhole(path, value) {
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, `${JSON.stringify(value)}\n`);
  renameSync(temporary, path);
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const started = performance.now();
  const { compiled } = buildContracts({ force: process.argv.includes('--force') });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(compiled ? `Contracts compiled in ${seconds} s` : 'Contracts are up to date');
}
