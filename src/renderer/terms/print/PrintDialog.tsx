import { Button, Group } from '@mantine/core';
import { IconFileTypePdf, IconPrinter } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { createPortal } from 'react-dom';
import { I18nextProvider, useTranslation } from 'react-i18next';
import { invokeShell } from '#renderer/platform/bridge.ts';
import { actionKey } from '#renderer/platform/keymap.ts';
import { showNotice } from '#renderer/platform/notice.store.ts';
import { TEST_IDS } from '#renderer/platform/test-ids.ts';
import { Dialog } from '#renderer/terms/Dialog.tsx';
import { useDialogWork } from '#renderer/terms/dialog-work.ts';
import { KeyHint } from '#renderer/ui/KeyHint.tsx';
import type { PrintRequest } from '#shared/contract/shell.contract.ts';
import './print.css';

interface PrintDialogProps {
  readonly title: string;
  /** Proposed name of the PDF file, without its ending. */
  readonly fileName: string;
  readonly onClose: () => void;
  /** The sheet: what is seen here is what is printed. */
  readonly children: ReactNode;
}

/**
 * Shows a sheet of A4 paper and prints it, by the system's dialog or into a PDF file. Sheets are Chinese whatever the screen speaks: they are
 * read by others.
 */
export function PrintDialog({ title, fileName, onClose, children }: PrintDialogProps) {
  const { t, i18n } = useTranslation();
  const { working, message, run } = useDialogWork();
  const [paper] = useState(() => {
    const chinese = i18n.cloneInstance();
    void chinese.changeLanguage('zh-CN');
    return chinese;
  });
  const print = (request: PrintRequest) =>
    run(async () => {
      const { done } = await invokeShell('shell:print', request);
      if (!done) return;
      showNotice('success', t(request.to === 'pdf' ? 'sheet.dialog.savedPdf' : 'sheet.dialog.printed'));
      onClose();
    });
  const sheet = <I18nextProvider i18n={paper}>{children}</I18nextProvider>;
  return (
    <Dialog
      opened
      onClose={onClose}
      onSubmit={() => void print({ to: 'printer' })}
      title={title}
      closeLabel={t('sheet.dialog.close')}
      size={860}
      testId={TEST_IDS.printDialog}
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard has to reach what scrolls */}
      <section className="sheet-preview" tabIndex={0} aria-label={title} data-testid={TEST_IDS.printSheet}>
        <div className="sheet-paper">{sheet}</div>
      </section>
      {createPortal(<div className="sheet-print">{sheet}</div>, document.body)}
      {message !== null && <p role="alert">{message}</p>}
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose}>
          {t('sheet.dialog.close')}
        </Button>
        <Button
          variant="default"
          leftSection={<IconFileTypePdf size={15} aria-hidden />}
          disabled={working}
          onClick={() => void print({ to: 'pdf', fileName: `${fileName}.pdf` })}
          data-testid={TEST_IDS.printPdf}
        >
          {t('sheet.dialog.pdf')}
        </Button>
        <Button
          leftSection={<IconPrinter size={15} aria-hidden />}
          rightSection={<KeyHint keys={actionKey('intake.submit')} />}
          aria-keyshortcuts="Control+Enter"
          data-autofocus
          disabled={working}
          onClick={() => void print({ to: 'printer' })}
          data-testid={TEST_IDS.printPaper}
        >
          {t('sheet.dialog.print')}
        </Button>
      </Group>
    </Dialog>
  );
}
