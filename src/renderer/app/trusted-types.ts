/**
 * The one Trusted Types policy of the main window. Imported before everything else.
 *
 * SECURITY: Mantine writes the CSS text of style elements through innerHTML. Nothing else may: text with `<` would be
 * markup and is refused, and no script or script address is ever made from text.
 */
type PolicyFactory = {
  createPolicy: (
    name: string,
    rules: {
      createHTML: (text: string) => string;
      createScript: () => never;
      createScriptURL: () => never;
    },
  ) => unknown;
};

const refuse = (): never => {
  throw new TypeError('refused by policy');
};

const factory = (window as unknown as { trustedTypes?: PolicyFactory }).trustedTypes;
factory?.createPolicy('default', {
  createHTML: (text) => (text.includes('<') ? refuse() : text),
  createScript: refuse,
  createScriptURL: refuse,
});

// The scroll lock of dialogs reads the nonce of its style element from this global.
Object.assign(window, {
  __webpack_nonce__: document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '',
});
