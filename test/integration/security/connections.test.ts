/** A page that was taken over can add a network. It must not be able to choose who is told what it knows. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Network } from '../../../src/shared/model/directory';
import { NetworkId } from '../../../src/shared/model/ids';
import { type AppFolder, type AppHarness, makeAppFolder, startApp } from '../../support/app-harness';

const MINUTE = 60_000;
const PASSPHRASE = 'correct horse battery staple lagoon 41';
const PRIVATE_KEY = '4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318';
/** Refuses every connection, so that a test that fails to stop one reaches nobody. */
const OUTSIDE = 'https://127.0.0.1:9/all-that-the-page-knows';

const networkAt = (endpoints: string[]): Network => ({
  id: NetworkId.parse('eip155:424242'),
  name: 'New network',
  endpoints,
  finality: { kind: 'depth', blocks: 3 },
  fees: 'eip1559',
  nativeCurrency: { symbol: 'ETH', decimals: 18 },
  startBlock: 0n,
  isSandbox: false,
  verification: { state: 'own', sources: [], note: null },
});

describe('new addresses of a network', () => {
  let folder: AppFolder;
  let app: AppHarness;
  let own: Server;
  const person = { says: false, asked: [] as (readonly string[])[] };

  beforeAll(async () => {
    folder = makeAppFolder();
    own = createServer((_request, response) => response.writeHead(503).end());
    await new Promise<void>((resolve) => own.listen(0, '127.0.0.1', () => resolve()));
    app = await startApp({
      folder,
      confirmConnections: async (addresses) => {
        person.asked.push(addresses);
        return person.says;
      },
    });
    await app.main['vault.importPrivateKey']({ privateKey: PRIVATE_KEY, passphrase: PASSPHRASE });
  }, MINUTE);
  beforeEach(() => {
    person.says = false;
    person.asked = [];
  });
  afterAll(async () => {
    await app.stop();
    own.close();
    folder.remove();
  }, MINUTE);

  const names = async () => (await app.main['directory.networks']({})).networks.map(({ name }) => name);

  it('are not connected to before a person agreed outside of the page', async () => {
    await expect(app.main['directory.saveNetwork'](networkAt([OUTSIDE]))).rejects.toMatchObject({
      code: 'cancelled',
    });
    expect(person.asked).toEqual([[OUTSIDE]]);
    expect(await names()).not.toContain('New network');
    expect(app.log.filter((line) => line.includes('endpoint failed'))).toEqual([]);
  });

  it('are asked about as they are, not as they look', async () => {
    await expect(
      app.main['directory.saveNetwork'](networkAt(['https://mаinnet.example/'])),
    ).rejects.toMatchObject({ code: 'cancelled' });
    expect(person.asked).toEqual([[expect.stringMatching(/^https:\/\/xn--minnet-[a-z0-9]+\.example\/$/)]]);
  });

  it('of this machine are not asked about', async () => {
    const endpoint = `http://127.0.0.1:${(own.address() as AddressInfo).port}/`;
    await app.main['directory.saveNetwork'](networkAt([endpoint]));
    expect(person.asked).toEqual([]);
    expect(await names()).toContain('New network');
  });

  it('are asked about when they join others, and only the new one', async () => {
    person.says = true;
    const endpoint = `http://127.0.0.1:${(own.address() as AddressInfo).port}/`;
    await app.main['directory.saveNetwork'](networkAt([endpoint, OUTSIDE]));
    expect(person.asked).toEqual([[OUTSIDE]]);
    await app.main['directory.saveNetwork']({ ...networkAt([endpoint, OUTSIDE]), name: 'Renamed' });
    expect(person.asked).toEqual([[OUTSIDE]]);
    expect(await names()).toContain('Renamed');
  });

  it.each([
    'http://example.org/',
    'https://user:secret@example.org/',
    'ftp://example.org/',
    'file:///etc/passwd',
  ])('that no network has are refused without a question: %s', async (endpoint) => {
    await expect(app.main['directory.saveNetwork'](networkAt([endpoint]))).rejects.toMatchObject({
      code: 'chain/endpoint-invalid',
    });
    expect(person.asked).toEqual([]);
  });
});
