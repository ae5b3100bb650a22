import { IconFile, IconFileText, IconMusic, IconPhoto, IconVideo } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { isDrawable } from '#shared/domain/attachment/attachment-type.ts';
import type { TicketId } from '#shared/kernel/ids.ts';
import { readStoredFile } from '../../platform/attachments.ts';
import classes from './Attachments.module.css';

interface PictureProps {
  readonly sha256: string;
  readonly type: string;
  readonly ticketUid: TicketId | null;
  /** Longest side, CSS pixels. */
  readonly most: number;
  readonly label: string;
  readonly onFailure?: (error: unknown) => void;
}

/**
 * A picture drawn on a canvas: decoded from its bytes, it never has an address, so the page's policy stays as strict as it is and a file
 * that calls itself a picture can only fail to be one.
 */
export function Picture({ sha256, type, ticketUid, most, label, onFailure }: PictureProps) {
  const canvasRef = useRef<HTMLCanvasElement>(null);
  const failed = useRef(onFailure);
  failed.current = onFailure;
  useEffect(() => {
    let isGone = false;
    const draw = async () => {
      const bitmap = await createImageBitmap(new Blob([await readStoredFile(sha256, ticketUid)], { type }));
      const canvas = canvasRef.current;
      if (!isGone && canvas) paint(canvas, bitmap, most);
      bitmap.close();
    };
    draw().catch((error: unknown) => {
      if (!isGone) failed.current?.(error);
    });
    return () => {
      isGone = true;
    };
  }, [sha256, type, ticketUid, most]);
  return <canvas ref={canvasRef} width={0} height={0} role="img" aria-label={label} className={classes.picture} />;
}

function paint(canvas: HTMLCanvasElement, bitmap: ImageBitmap, most: number): void {
  const scale = Math.min(1, (most * window.devicePixelRatio) / Math.max(bitmap.width, bitmap.height));
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  canvas.style.width = `${canvas.width / window.devicePixelRatio}px`;
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  canvas.dataset.drawn = 'true';
}

interface ThumbnailProps {
  readonly sha256: string;
  readonly type: string;
  readonly ticketUid: TicketId | null;
  /** The bytes are on this computer. */
  readonly isHere: boolean;
}

const SIZE = 36;
/** Larger pictures are not read for a thumbnail: bytes. */
const MOST_BYTES = 8 * 1024 * 1024;

/** A small picture of a file, or the sign of its kind. */
export function Thumbnail({ sha256, type, ticketUid, isHere, size }: ThumbnailProps & { readonly size: number }) {
  const [broken, setBroken] = useState(false);
  const isShown = isHere && isDrawable(type) && size <= MOST_BYTES && !broken;
  return (
    <span className={classes.thumbnail} aria-hidden>
      {isShown ? (
        <Picture
          sha256={sha256}
          type={type}
          ticketUid={ticketUid}
          most={SIZE}
          label=""
          onFailure={() => setBroken(true)}
        />
      ) : (
        <KindIcon type={type} />
      )}
    </span>
  );
}

function KindIcon({ type }: { readonly type: string }) {
  const props = { size: 20, stroke: 1.5, 'aria-hidden': true } as const;
  if (type.startsWith('image/')) return <IconPhoto {...props} />;
  if (type.startsWith('audio/')) return <IconMusic {...props} />;
  if (type.startsWith('video/')) return <IconVideo {...props} />;
  return type.startsWith('text/') || type.startsWith('application/') ? (
    <IconFileText {...props} />
  ) : (
    <IconFile {...props} />
  );
}
