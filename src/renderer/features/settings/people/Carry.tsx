import { Button } from '@mantine/core';
import { IconDownload, IconQrcode } from '@tabler/icons-react';
import { people } from '../../../../../assets/locales/en/people';
import type { PolicyView } from '../../../../shared/contract';
import { client } from '../../../client';
import { navigate, showToast, useAction } from '../../../ui';

const t = people.policy;

/** A policy's ways to other machines. Answers the buttons, and the error of the last attempt. */
export const useCarry = ({ digest }: PolicyView) => {
  const save = useAction(async () => {
    const { saved } = await client['people.exportPolicy']({ digest });
    if (saved !== null) showToast('success', t.saved, saved);
  });
  const buttons = (
    <>
      <Button
        variant="default"
        leftSection={<IconDownload size={16} aria-hidden />}
        loading={save.isRunning}
        onClick={() => void save.run()}
      >
        {t.save}
      </Button>
      <Button
        variant="default"
        leftSection={<IconQrcode size={16} aria-hidden />}
        onClick={() => navigate('inbox', { view: 'show', id: digest, params: { format: 'policy' } })}
      >
        {t.show}
      </Button>
    </>
  );
  return { buttons, error: save.error };
};
