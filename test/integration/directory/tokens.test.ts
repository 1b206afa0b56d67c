/** Tokens as the directory meets them on a real chain: probed, watched, changed, approved again. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { directoryContract } from '../../../src/shared/contract/directory';
import { AppError } from '../../../src/shared/errors';
import { type Address, NetworkId, tokenIdOf } from '../../../src/shared/model/ids';
import { type ProfileKey, type Sandbox, startSandbox } from '../../sandbox/index';
import { openRig, type Rig } from '../payments/rig';

let sandbox: Sandbox;
let rig: Rig;
beforeAll(async () => {
  sandbox = await startSandbox();
  rig = await openRig(sandbox);
  await rig.directory.importBytes(new TextEncoder().encode(JSON.stringify(sandbox.directory)));
});
afterAll(async () => {
  await rig?.close();
  await sandbox?.stop();
});

const networkId = (): NetworkId => NetworkId.parse(sandbox.description.caip2);
const idOf = (profile: ProfileKey) => tokenIdOf(networkId(), sandbox.token(profile).address);
const tokenOf = (profile: ProfileKey) => rig.directory.token(idOf(profile));

describe('the sandbox’s directory file', () => {
  it('is taken whole, tokens as the chain has them', async () => {
    for (const { profile, decimals, name, implementation } of sandbox.description.tokens)
      expect(await tokenOf(profile)).toMatchObject({
        state: 'active',
        decimals,
        name,
        approved: { decimals, proxyKind: 'erc1967', implementation },
      });
    const [tokens, accounts] = [await rig.directory.tokens(), await rig.directory.accounts()];
    const list = await rig.directory.counterparties({ search: '', offset: 0, limit: 200 });
    expect(directoryContract['directory.tokens'].output.parse({ tokens })).toEqual({ tokens });
    expect(directoryContract['directory.accounts'].output.parse({ accounts })).toEqual({ accounts });
    expect(directoryContract['directory.counterparties'].output.parse(list)).toEqual(list);
    expect(accounts).toHaveLength(sandbox.description.treasury.accounts.length);
    const { total } = await rig.directory.counterparties({ search: '', offset: 0, limit: 1 });
    expect(total).toBe(sandbox.description.suppliers.length);
  });

  it('resolves every supplier by the name that payment files use', async () => {
    const answers = await rig.directory.resolveAccounts(
      sandbox.description.suppliers.map(({ externalId }) => ({
        by: externalId.kind,
        value: externalId.value,
      })),
    );
    expect(answers.map((answer) => (answer?.owner === 'counterparty' ? answer.address : null))).toEqual(
      sandbox.description.suppliers.map((supplier) => supplier.address),
    );
  });
});

describe('adding', () => {
  it('refuses what is no token, what was not shown, what stands already', async () => {
    const probe = (address: string) => rig.directory.probeToken({ networkId: networkId(), address });
    const supplier = sandbox.description.suppliers[0]?.address ?? '';
    await expect(probe(supplier)).rejects.toMatchObject({ code: 'directory/not-a-token' });
    await expect(probe('0x12')).rejects.toMatchObject({ code: 'directory/address-invalid' });
    const fresh = await sandbox.deployTokenFor({
      bankName: 'Harbour Bank',
      bic: 'HARBGB2L',
      currency: 'GBP',
    });
    const shown = await probe(fresh.address.toLowerCase());
    expect(shown).toMatchObject({ isKnown: false, address: fresh.address, probe: { decimals: 2 } });
    const input = {
      networkId: networkId(),
      address: fresh.address as string,
      currency: 'GBP' as never,
      issuer: { name: 'Harbour Bank', bic: 'HARBGB2L', memberId: null, lei: null, country: 'GB' },
      referenceSuffix: true,
      verification: { state: 'own' as const, sources: [], note: null },
      seen: { decimals: 6, implementation: shown.probe.implementation },
    };
    await expect(rig.directory.addToken(input)).rejects.toMatchObject({ code: 'directory/token-changed' });
    const seen = { decimals: 2, implementation: shown.probe.implementation };
    expect(await rig.directory.addToken({ ...input, seen })).toMatchObject({ state: 'active', decimals: 2 });
    await expect(rig.directory.addToken({ ...input, seen })).rejects.toMatchObject({
      code: 'directory/token-duplicate',
    });
  });

  it('tells a token that uses another one’s ticker', async () => {
    const twin = await sandbox.deployTokenFor({
      bankName: sandbox.token('J').issuer.name,
      bic: null,
      currency: sandbox.token('J').currency,
    });
    const shown = await rig.directory.probeToken({ networkId: networkId(), address: twin.address });
    const known = sandbox.description.tokens.find(
      (token) => token.symbol === shown.probe.symbol || token.name === shown.probe.name,
    );
    expect(shown.lookAlikes.length > 0).toBe(known !== undefined);
  });
});

describe('enrolment', () => {
  it('is what each token says of each holder', async () => {
    const plain = sandbox.description.suppliers.find((one) =>
      Object.values(one.standing).every((state) => state === 'enrolled'),
    );
    const barred = sandbox.description.suppliers.filter((one) =>
      Object.values(one.standing).some((state) => state !== 'enrolled'),
    );
    expect(barred.length).toBeGreaterThan(2);
    for (const supplier of [plain, ...barred.slice(0, 4)]) {
      if (!supplier) throw new Error('no supplier');
      const found = await rig.directory.counterparties({ search: supplier.lei, offset: 0, limit: 1 });
      const id = found.counterparties[0]?.id;
      if (!id) throw new Error('not in the directory');
      const { accounts } = await rig.directory.checkEnrolment(id);
      for (const { profile } of sandbox.description.tokens) {
        const state = accounts[0]?.enrolments.find((entry) => entry.tokenId === idOf(profile))?.state;
        const standing = supplier.standing[profile];
        // Tokens with a block-list or a freeze alone let everybody receive whom they do not bar by name.
        const isOpen = profile === 'F' || profile === 'S';
        const mayReceive = standing === 'enrolled' || (isOpen && standing === 'not-enrolled');
        expect([supplier.name, profile, state]).toEqual([
          supplier.name,
          profile,
          mayReceive ? 'enrolled' : 'not-enrolled',
        ]);
      }
    }
  });
});

describe('an upgrade', () => {
  it('blocks the token until a person approves what it is now', async () => {
    const before = await tokenOf('R');
    expect((await rig.directory.verifyToken(before.id)).changes).toEqual([]);
    const { implementation } = await sandbox.upgradeToV2('R', { decimals: 4 });
    const checks = await rig.directory.verifyTokens();
    const check = checks.find(({ token }) => token.id === before.id);
    expect(check?.changes).toEqual(expect.arrayContaining(['decimals', 'implementation']));
    expect(checks.filter(({ changes }) => changes.length > 0)).toHaveLength(1);
    const changed = await tokenOf('R');
    expect(changed).toMatchObject({
      state: 'changed',
      decimals: 2,
      observed: { decimals: 4, implementation },
    });
    expect(changed.approved).toEqual(before.approved);

    const old = { decimals: 2, implementation: before.approved?.implementation ?? null };
    await expect(rig.directory.approveTokenChange({ id: before.id, seen: old })).rejects.toMatchObject({
      code: 'directory/token-changed',
    });
    const approved = await rig.directory.approveTokenChange({
      id: before.id,
      seen: { decimals: 4, implementation: implementation as Address },
    });
    expect(approved).toMatchObject({ state: 'active', decimals: 4, observed: null });
    expect((await rig.directory.verifyToken(before.id)).changes).toEqual([]);
  });

  it('while locked is found when it is unlocked', async () => {
    const id = idOf('S');
    await rig.directory.setTokenLock({ id, isLocked: true, reason: 'review' });
    expect(await tokenOf('S')).toMatchObject({ state: 'locked', lockReason: 'review' });
    await sandbox.upgradeToV2('S', { decimals: 18 });
    expect(await rig.directory.setTokenLock({ id, isLocked: false, reason: null })).toMatchObject({
      state: 'changed',
      lockReason: null,
    });
  });
});

describe('a network', () => {
  it('of another chain id is not kept; a token of a network that is down cannot be judged', async () => {
    const network = (await rig.directory.networks()).find((one) => one.id === networkId());
    if (!network) throw new Error('none');
    const other = { ...network, id: NetworkId.parse('eip155:77'), name: 'Elsewhere' };
    await expect(rig.directory.saveNetwork(other)).rejects.toMatchObject({ code: 'chain/wrong-chain' });
    await rig.directory.saveNetwork({ ...network, endpoints: ['http://127.0.0.1:9'] });
    await expect(rig.directory.verifyToken(idOf('J'))).rejects.toBeInstanceOf(AppError);
    expect((await tokenOf('J')).state).toBe('active');
    expect(await rig.directory.verifyTokens()).toEqual([]);
    await rig.directory.saveNetwork(network);
    await expect(
      rig.directory.saveNetwork({ ...network, endpoints: ['http://example.org'] }),
    ).rejects.toMatchObject({ code: 'chain/endpoint-invalid' });
  });
});
