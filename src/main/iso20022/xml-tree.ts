/** One read element of a message: small subtrees are kept, never the whole document. */
export type XmlNode = {
  readonly name: string;
  readonly line: number;
  readonly parent: XmlNode | null;
  /** 1-based occurrence where the element may repeat, else 0. */
  readonly occurrence: number;
  text: string;
  /** `Ccy` of an amount. */
  currency: string | null;
  readonly children: XmlNode[];
};

/** Path below CstmrCdtTrfInitn, e.g. `PmtInf[1]/CdtTrfTxInf[3]/Amt/InstdAmt`. */
export const pathOf = (node: XmlNode): string => {
  const parts: string[] = [];
  for (let at: XmlNode | null = node; at !== null; at = at.parent) {
    if (at.parent === null && at.name === 'CstmrCdtTrfInitn' && parts.length > 0) break;
    parts.push(at.occurrence > 0 ? `${at.name}[${at.occurrence}]` : at.name);
  }
  return parts.reverse().join('/');
};

export const child = (node: XmlNode | null, ...names: readonly string[]): XmlNode | null => {
  let at = node;
  for (const name of names) {
    if (at === null) return null;
    at = at.children.find((entry) => entry.name === name) ?? null;
  }
  return at;
};

export const childText = (node: XmlNode | null, ...names: readonly string[]): string | null => {
  const found = child(node, ...names);
  return found === null || found.text === '' ? null : found.text;
};

export const children = (node: XmlNode | null, name: string): readonly XmlNode[] =>
  node === null ? [] : node.children.filter((entry) => entry.name === name);
