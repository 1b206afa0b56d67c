import { Button } from '@mantine/core';
import { envelopes as words } from '../../../../../assets/locales/en/envelopes';
import { Notice, navigate } from '../../../ui';
import { nameActs } from '../describe';
import type { Taken } from './store';

const i = words.intake;

const titleOf = ({ intake }: Taken): string => {
  if (intake.format === 'person') return i.person(intake.name);
  return intake.format === 'policy' ? i.policy[intake.outcome] : i[intake.outcome];
};

/** Goes to what was taken in. */
export const openTaken = ({ intake }: Taken): void => {
  if (intake.format === 'envelope') navigate('inbox', { view: 'envelope', id: intake.digest });
  else navigate('settings', { view: 'people' });
};

/** `New envelope`, `Combined with the copy that is here: approval by …`, `Nothing new`. */
export const IntakeResult = ({ taken }: { readonly taken: Taken }) => {
  const { intake, added } = taken;
  const isNews = intake.format === 'person' || intake.outcome !== 'unchanged';
  return (
    <Notice
      tone={isNews ? 'good' : 'info'}
      title={titleOf(taken)}
      action={
        <Button size="xs" variant="default" onClick={() => openTaken(taken)}>
          {intake.format === 'envelope' ? i.open : i.openPeople}
        </Button>
      }
    >
      {added.length === 0 ? null : i.added(nameActs(added))}
    </Notice>
  );
};

/** The same in one line, for a passing remark. */
export const describeTaken = (taken: Taken): { readonly title: string; readonly text: string | null } => ({
  title: titleOf(taken),
  text: taken.added.length === 0 ? null : i.added(nameActs(taken.added)),
});
