import { client } from '../../client';
import { navigate } from '../../ui';

/** Asks for a payment file through the system's dialog and goes to its import. */
export const chooseFile = async (): Promise<void> => {
  const { file } = await client['files.choose']({ purpose: 'payments' });
  if (file === null) return;
  navigate('payments', {
    view: 'import',
    id: file.fileId,
    params: { name: file.name, size: String(file.sizeBytes) },
  });
};
