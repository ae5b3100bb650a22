import { IconSpeakerphone } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { TimeText } from '#renderer/terms/time-text.tsx';
import type { Announcement } from '#shared/domain/overlay/oversight.ts';
import classes from '../TicketDetail.module.css';
import own from './Oversight.module.css';

/** What the public was told about the matter, when and through which channel. */
export function AnnouncementList({ announcements }: { readonly announcements: readonly Announcement[] }) {
  const { t } = useTranslation();
  if (announcements.length === 0) return null;
  return (
    <ul className={own.list} data-testid={TEST_IDS.ticketAnnouncements}>
      {announcements.map(({ id, toldAt, where, text, byName }) => (
        <li key={id} className={own.item} data-done>
          <div className={own.meta}>
            <IconSpeakerphone size={14} aria-hidden />
            <TimeText at={toldAt} />
            <span>{where}</span>
          </div>
          <p className={classes.text}>{t('oversight.log', { name: byName, text })}</p>
        </li>
      ))}
    </ul>
  );
}
