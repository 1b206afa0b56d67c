import { Button, Modal, TextInput } from '@mantine/core';
import { IconDownload, IconQrcode } from '@tabler/icons-react';
import { useState } from 'react';
import { common } from '../../../../../assets/locales/en/common';
import { people } from '../../../../../assets/locales/en/people';
import { PersonName, type Role } from '../../../../shared/model/people';
import { client } from '../../../client';
import {
  Address,
  Badge,
  ErrorState,
  KeyValue,
  Notice,
  navigate,
  PassphraseField,
  Section,
  showToast,
  useAction,
} from '../../../ui';
import { tidyName } from './draft';
import styles from './people.module.css';

const t = people.me;

export type Identity = Awaited<ReturnType<(typeof client)['people.identity']>>;

export const RoleBadges = ({ roles }: { readonly roles: readonly Role[] }) => (
  <span className={styles.chips}>
    {roles.map((role) => (
      <Badge key={role} tone="neutral" title={people.roleTexts[role]}>
        {people.roles[role]}
      </Badge>
    ))}
  </span>
);

/** Who this machine belongs to: name, key, roles, and the card for others. */
export const Me = ({ identity }: { readonly identity: Identity }) => {
  const [isNaming, setIsNaming] = useState(false);
  const [isSaving, setIsSaving] = useState(false);
  const { name, key, roles, companyName } = identity;
  // A policy that names this key fixes its name.
  const isFixed = roles.length > 0;
  return (
    <Section title={t.title}>
      <div className={styles.stack}>
        {name === null ? (
          <Notice tone="warn" title={t.nameless}>
            {t.namelessText}
          </Notice>
        ) : null}
        {name === null || isNaming ? (
          <NameForm
            name={name}
            onDone={() => setIsNaming(false)}
            {...(name === null ? {} : { onCancel: () => setIsNaming(false) })}
          />
        ) : null}
        <KeyValue
          facts={[
            ...(name === null || isNaming
              ? []
              : [
                  {
                    label: t.name,
                    value: (
                      <span className={styles.inline}>
                        <strong>{name}</strong>
                        {isFixed ? (
                          <span className={styles.muted}>{t.fixed}</span>
                        ) : (
                          <button type="button" className="n-link" onClick={() => setIsNaming(true)}>
                            {t.change}
                          </button>
                        )}
                      </span>
                    ),
                  },
                ]),
            {
              label: t.key,
              value: (
                <>
                  <Address address={key} variant="full" />
                  <div className={styles.muted}>{t.keyText}</div>
                </>
              ),
            },
            {
              label: t.roles,
              value: isFixed ? <RoleBadges roles={roles} /> : companyName === null ? t.noPolicy : t.noRoles,
            },
            ...(companyName === null ? [] : [{ label: t.company, value: companyName }]),
          ]}
        />
        <div className={styles.buttons}>
          <Button
            variant="default"
            leftSection={<IconDownload size={16} aria-hidden />}
            disabled={name === null}
            onClick={() => setIsSaving(true)}
          >
            {t.card}
          </Button>
          <Button
            variant="default"
            leftSection={<IconQrcode size={16} aria-hidden />}
            disabled={name === null}
            onClick={() => navigate('inbox', { view: 'show', id: 'person', params: { format: 'person' } })}
          >
            {t.show}
          </Button>
        </div>
      </div>
      <CardDialog isOpen={isSaving} onClose={() => setIsSaving(false)} />
    </Section>
  );
};

type NameFormProps = {
  readonly name: string | null;
  readonly onDone: () => void;
  readonly onCancel?: () => void;
};

const NameForm = ({ name, onDone, onCancel }: NameFormProps) => {
  const [typed, setTyped] = useState(name ?? '');
  const tidy = tidyName(typed);
  const isRight = PersonName.safeParse(tidy).success;
  const save = useAction(async () => {
    await client['people.setName']({ name: tidy });
    showToast('success', t.saved, tidy);
    onDone();
  });
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (isRight) void save.run();
      }}
    >
      <div className={styles.nameForm}>
        <TextInput
          label={t.name}
          value={typed}
          maxLength={80}
          autoComplete="off"
          spellCheck={false}
          autoFocus={name !== null}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Button type="submit" loading={save.isRunning} disabled={!isRight || tidy === name}>
          {t.save}
        </Button>
        {onCancel === undefined ? null : (
          <Button variant="default" onClick={onCancel}>
            {common.cancel}
          </Button>
        )}
      </div>
      {tidy !== '' && !isRight ? (
        <div className={styles.wrong} role="alert">
          {t.wrong}
        </div>
      ) : null}
      {save.error ? <ErrorState error={save.error} /> : null}
    </form>
  );
};

const CardDialog = ({ isOpen, onClose }: { readonly isOpen: boolean; readonly onClose: () => void }) => {
  const [passphrase, setPassphrase] = useState('');
  const save = useAction(async () => {
    const typed = passphrase;
    // SECURITY: a passphrase does not stay in the page, right or wrong.
    setPassphrase('');
    const { saved } = await client['people.exportCard']({ passphrase: typed });
    if (saved !== null) showToast('success', t.cardSaved, saved);
    close();
  });
  const close = (): void => {
    setPassphrase('');
    save.clearError();
    onClose();
  };
  return (
    <Modal
      opened={isOpen}
      onClose={close}
      title={t.cardTitle}
      closeButtonProps={{ 'aria-label': common.close }}
    >
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (passphrase !== '') void save.run();
        }}
      >
        <div>{t.cardText}</div>
        <PassphraseField label={common.passphrase} value={passphrase} onChange={setPassphrase} autoFocus />
        {save.error ? <ErrorState error={save.error} /> : null}
        <div className={styles.bar}>
          <Button variant="default" onClick={close}>
            {common.cancel}
          </Button>
          <Button type="submit" loading={save.isRunning} disabled={passphrase === ''}>
            {t.cardButton}
          </Button>
        </div>
      </form>
    </Modal>
  );
};
