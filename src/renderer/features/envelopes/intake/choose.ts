import { client } from '../../../client';
import { navigate } from '../../../ui';

/** Asks for an envelope, a policy or a card through the system's dialog and goes to its intake. */
export const chooseExchangeFile = async (): Promise<void> => {
  const { file } = await client['files.choose']({ purpose: 'exchange' });
  if (file === null) return;
  navigate('inbox', { view: 'file', id: file.fileId, params: { name: file.name } });
};
