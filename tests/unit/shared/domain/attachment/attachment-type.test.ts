import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  detectAttachmentType,
  HEAD_BYTES,
  TAIL_BYTES,
  toAttachmentName,
  toSavedName,
} from '#shared/domain/attachment/attachment-type.ts';
import { readAttachment, writeAttachment } from '#shared/domain/form/attachment-ref.ts';
import { noisePng, pdfOf } from '#tests/support/sample-files.ts';

const detect = (bytes: Uint8Array) => detectAttachmentType(bytes.subarray(0, HEAD_BYTES), bytes.subarray(-TAIL_BYTES));
const ascii = (text: string) => Buffer.from(text, 'latin1');
const ftyp = (brand: string) => Buffer.concat([Buffer.from([0, 0, 0, 24]), ascii(`ftyp${brand}`), Buffer.alloc(12)]);
const zip = (...names: string[]) => Buffer.concat([Buffer.from([0x50, 0x4b, 3, 4]), ascii(names.join('\0'))]);

describe('what a file is follows from its content', () => {
  test.each([
    ['a photo', Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16]), 'image/jpeg'],
    ['a screenshot', noisePng(4), 'image/png'],
    ['an animation', ascii('GIF89a......'), 'image/gif'],
    ['a web picture', ascii('RIFF....WEBPVP8 '), 'image/webp'],
    ['a photo of an iPhone', ftyp('heic'), 'image/heic'],
    ['a recording of an iPhone', ftyp('M4A '), 'audio/mp4'],
    ['a video', ftyp('isom'), 'video/mp4'],
    ['a recording', ascii('RIFF....WAVEfmt '), 'audio/wav'],
    ['music with tags', ascii('ID3\u0004\0'), 'audio/mpeg'],
    ['music without', Buffer.from([0xff, 0xfb, 0x90, 0x64, 0, 0]), 'audio/mpeg'],
    ['a voice message', ascii('#!AMR\n'), 'audio/amr'],
    ['another', ascii('OggS\0'), 'audio/ogg'],
    ['a document', pdfOf(500), 'application/pdf'],
    ['a text in UTF-8', Buffer.from('路灯坏了\r\n\t三天', 'utf8'), 'text/plain'],
    ['a text in GBK', Buffer.from([0xc2, 0xb7, 0xb5, 0xc6, 0x0a]), 'text/plain'],
    [
      'a letter',
      zip('[Content_Types].xml', 'word/document.xml'),
      'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    ],
    [
      'a table',
      zip('[Content_Types].xml', 'xl/workbook.xml'),
      'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    ],
  ])('%s', (_, bytes, type) => {
    expect(detect(bytes)).toBe(type);
  });

  test.each([
    ['a program', Buffer.concat([ascii('MZ'), Buffer.alloc(60)])],
    ['a program of another system', Buffer.concat([Buffer.from([0x7f]), ascii('ELF'), Buffer.alloc(60)])],
    ['a letter with macros', zip('word/document.xml', 'word/vbaProject.bin')],
    ['any other archive', zip('readme.txt')],
    ['an unknown container', ftyp('zzzz')],
    ['noise that happens to end as text', Buffer.concat([Buffer.from([1, 2, 3]), ascii('text')])],
  ])('%s is not taken', (_, bytes) => {
    expect(detect(bytes)).toBeNull();
  });

  test('whatever is in it, it never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        detect(bytes);
      }),
    );
  });
});

describe('file names', () => {
  test('keep a fitting ending and get one otherwise', () => {
    expect(toAttachmentName('现场.JPG', 'image/jpeg')).toBe('现场.jpg');
    expect(toAttachmentName('照片.exe', 'image/jpeg')).toBe('照片.exe.jpg');
    expect(toAttachmentName('C:\\fakepath\\..\\合同', 'application/pdf')).toBe('合同.pdf');
    expect(toAttachmentName('a\u202egpj.exe', 'text/plain')).toBe('agpj.exe.txt');
    expect(toAttachmentName('', 'image/png')).toBe('file.png');
  });

  test('what a ticket calls a file does not decide what it is saved as', () => {
    expect(toSavedName('账单.bat', ascii('@echo off\r\n'))).toBe('账单.bat.txt');
    expect(toSavedName('账单\u202etxt.exe', noisePng(4))).toBe('账单txt.exe.png');
    expect(toSavedName('现场.png', noisePng(4))).toBe('现场.png');
    expect(toSavedName('program.exe', Buffer.from([0x4d, 0x5a, 0, 0]))).toBe('program.exe.bin');
  });

  test('whatever they were, a form can keep them', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (given) => {
        const name = toAttachmentName(given, 'image/jpeg');
        const ref = { sha256: 'a'.repeat(64), size: 1, type: 'image/jpeg', name };
        expect(readAttachment(writeAttachment(ref))).toEqual(ref);
      }),
    );
  });
});
