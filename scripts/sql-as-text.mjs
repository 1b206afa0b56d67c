import { readFileSync } from 'node:fs';

/** Migrations are SQL files; a bundle or a test carries their text as the default export. */
export function sqlAsText() {
  return {
    name: 'nostro:sql-as-text',
    enforce: /** @type {const} */ ('pre'),
    load(id) {
      if (!id.endsWith('.sql')) return null;
      return { code: `export default ${JSON.stringify(readFileSync(id, 'utf8'))};`, moduleType: 'js' };
    },
  };
}
