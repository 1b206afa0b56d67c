import { Button, Checkbox, Menu, TextInput } from '@mantine/core';
import { IconId, IconPlus, IconX } from '@tabler/icons-react';
import { people } from '../../../../../assets/locales/en/people';
import { Role } from '../../../../shared/model/people';
import { FieldError, Section, shortenAddress } from '../../../ui';
import { newId, type PersonDraft } from './draft';
import styles from './people.module.css';

const t = people.editor;

export type Card = { readonly name: string; readonly key: string };

export type PeopleFieldsProps = {
  readonly people: readonly PersonDraft[];
  readonly cards: readonly Card[];
  readonly onChange: (people: readonly PersonDraft[]) => void;
  /** Words for what is wrong with a field, by its name in the review. */
  readonly faultOf: (field: string) => string | undefined;
};

export const PeopleFields = ({ people: rows, cards, onChange, faultOf }: PeopleFieldsProps) => {
  const change = (id: number, part: Partial<PersonDraft>): void =>
    onChange(rows.map((row) => (row.id === id ? { ...row, ...part } : row)));
  const free = cards.filter(
    (card) => !rows.some(({ key }) => key.trim().toLowerCase() === card.key.toLowerCase()),
  );
  const nobody = faultOf('people');
  return (
    <Section title={t.people} description={t.peopleText}>
      <div>
        {rows.map((row, index) => (
          <PersonFields
            key={row.id}
            row={row}
            place={index + 1}
            faultOf={faultOf}
            onChange={(part) => change(row.id, part)}
            onRemove={() => onChange(rows.filter(({ id }) => id !== row.id))}
          />
        ))}
      </div>
      {nobody === undefined ? null : <FieldError>{nobody}</FieldError>}
      <div className={styles.buttons}>
        <Menu position="bottom-start">
          <Menu.Target>
            <Button
              variant="default"
              leftSection={<IconId size={16} aria-hidden />}
              disabled={free.length === 0}
              title={free.length === 0 ? t.noCards : undefined}
            >
              {t.fromCard}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {free.map(({ name, key }) => (
              <Menu.Item key={key} onClick={() => onChange([...rows, { id: newId(), name, key, roles: [] }])}>
                {name} <span className={styles.muted}>{shortenAddress(key)}</span>
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
        <Button
          variant="default"
          leftSection={<IconPlus size={16} aria-hidden />}
          onClick={() => onChange([...rows, { id: newId(), name: '', key: '', roles: [] }])}
        >
          {t.addTyped}
        </Button>
      </div>
    </Section>
  );
};

type PersonFieldsProps = {
  readonly row: PersonDraft;
  readonly place: number;
  readonly faultOf: (field: string) => string | undefined;
  readonly onChange: (part: Partial<PersonDraft>) => void;
  readonly onRemove: () => void;
};

const PersonFields = ({ row, place, faultOf, onChange, onRemove }: PersonFieldsProps) => {
  const who = row.name.trim() === '' ? t.person(place) : row.name.trim();
  const wrongRoles = faultOf(`roles ${row.id}`);
  const toggle = (role: Role): void =>
    onChange({
      roles: row.roles.includes(role) ? row.roles.filter((each) => each !== role) : [...row.roles, role],
    });
  return (
    <div className={styles.person}>
      <TextInput
        aria-label={t.nameOf(place)}
        placeholder={t.name}
        value={row.name}
        maxLength={80}
        autoComplete="off"
        spellCheck={false}
        error={faultOf(`name ${row.id}`)}
        onChange={(event) => onChange({ name: event.currentTarget.value })}
      />
      <TextInput
        aria-label={t.keyOf(place)}
        placeholder={t.keyPlaceholder}
        value={row.key}
        maxLength={80}
        autoComplete="off"
        spellCheck={false}
        classNames={{ input: 'mono' }}
        error={faultOf(`key ${row.id}`)}
        onChange={(event) => onChange({ key: event.currentTarget.value })}
      />
      <button
        type="button"
        className={`n-icon-button ${styles.remove}`}
        aria-label={t.remove(who)}
        title={t.remove(who)}
        onClick={onRemove}
      >
        <IconX size={16} aria-hidden />
      </button>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset takes no part in the grid */}
      <div className={styles.personFoot} role="group" aria-label={t.rolesOf(who)}>
        {Role.options.map((role) => (
          <Checkbox
            key={role}
            size="xs"
            label={people.roles[role]}
            title={people.roleTexts[role]}
            checked={row.roles.includes(role)}
            onChange={() => toggle(role)}
          />
        ))}
        {wrongRoles === undefined ? null : <FieldError>{wrongRoles}</FieldError>}
      </div>
    </div>
  );
};
