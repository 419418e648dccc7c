import fc from 'fast-check';
import { EventInvalidError, fromCloudEvent, fromPubSubPush, fromStructured } from '../../src/starter/objectEvent';
import { EVENT, FINALIZED, push, RESOURCE } from './support';

describe('a Pub/Sub push message is read', () => {
  const { message } = push();
  test.each([
    ['of a finalised object', push(), EVENT],
    ['of another change', push(RESOURCE, 'OBJECT_DELETE'), { ...EVENT, kind: 'other' }],
    ['without attributes', { message: { ...message, attributes: undefined } }, { ...EVENT, kind: 'other' }],
    [
      'with message_id',
      { message: { ...message, messageId: undefined, message_id: '7' } },
      { ...EVENT, sourceId: '7' },
    ],
    ['without an ID', { message: { ...message, messageId: undefined } }, { ...EVENT, sourceId: '' }],
    [
      'with URL-safe base64',
      {
        message: {
          ...message,
          data: Buffer.from(JSON.stringify({ ...RESOURCE, name: '>>>???' })).toString('base64url'),
        },
      },
      { ...EVENT, name: '>>>???' },
    ],
  ])('%s', (_name, body, expected) => {
    expect(fromPubSubPush(body)).toEqual(expected);
  });
});

describe('an object resource is read', () => {
  const { updated: _updated, ...created } = RESOURCE;
  const { size: _size, ...sizeless } = RESOURCE;
  test.each([
    ['with numbers as numbers', { ...RESOURCE, generation: 1700000003000000, size: 42 }, EVENT],
    ['without size', sizeless, { ...EVENT, size: 0 }],
    ['without updated', created, { ...EVENT, updatedMs: Date.parse('2023-11-14T22:13:23Z') }],
    ['with an offset', { ...RESOURCE, updated: '2023-11-14T23:13:23.250+01:00' }, EVENT],
    ['with nanoseconds', { ...RESOURCE, updated: '2023-11-14T22:13:23.250999999Z' }, EVENT],
    ['with a name of any characters', { ...RESOURCE, name: 'ä b/#?\n' }, { ...EVENT, name: 'ä b/#?\n' }],
  ])('%s', (_name, resource, expected) => {
    expect(fromPubSubPush(push(resource))).toEqual(expected);
    expect(fromCloudEvent({ id: EVENT.sourceId, type: FINALIZED, data: resource })).toEqual(expected);
  });
});

describe('a CloudEvent is read', () => {
  test.each([
    [FINALIZED, 'finalized'],
    ['google.cloud.storage.object.v1.deleted', 'other'],
    ['', 'other'],
  ])('of type %j', (type, kind) => {
    const event = { id: EVENT.sourceId, type, data: RESOURCE };
    expect(fromCloudEvent(event)).toEqual({ ...EVENT, kind });
    expect(fromStructured({ specversion: '1.0', source: '//storage', ...event })).toEqual({ ...EVENT, kind });
  });
});

test('a notification without payload has only the version of the object, not its size and time', () => {
  const attributes = {
    notificationConfig: 'projects/_/buckets/my-trigger/notificationConfigs/1',
    eventType: 'OBJECT_FINALIZE',
    payloadFormat: 'NONE',
    bucketId: 'my-trigger',
    objectId: 'data/a.json',
    objectGeneration: '1700000003000000',
    eventTime: '2023-11-14T22:13:23.250Z',
  };
  const event = fromPubSubPush({ message: { attributes, messageId: '900000000000001' } });
  expect(event).toEqual({ ...EVENT, size: undefined, updatedMs: undefined });
  const { objectGeneration: _, ...incomplete } = attributes;
  expect(() => fromPubSubPush({ message: { attributes: incomplete } })).toThrow(
    'message.attributes: objectGeneration: ',
  );
});

describe('input that is not an event is refused with the field and the reason', () => {
  const withData = (data: string) => ({ message: { data } });
  test.each<[string, () => unknown, string]>([
    ['null', () => fromPubSubPush(null), 'Pub/Sub push message: as a whole: '],
    ['a list', () => fromPubSubPush([]), 'Pub/Sub push message: as a whole: '],
    ['an empty object', () => fromPubSubPush({}), 'Pub/Sub push message: message: '],
    ['data of a wrong type', () => fromPubSubPush({ message: { data: 1 } }), 'Pub/Sub push message: message.data: '],
    ['neither data nor attributes', () => fromPubSubPush({ message: {} }), 'message.attributes: bucketId: '],
    ['data that is not base64', () => fromPubSubPush(withData('%%')), 'message.data: not JSON in base64'],
    ['data that is not JSON', () => fromPubSubPush(withData('YWJj')), 'message.data: not JSON in base64'],
    ['data that is not an object', () => fromPubSubPush(push(7)), 'object resource: as a whole: '],
    ['no bucket', () => fromPubSubPush(push({ ...RESOURCE, bucket: undefined })), 'object resource: bucket: '],
    ['an empty name', () => fromPubSubPush(push({ ...RESOURCE, name: '' })), 'object resource: name: '],
    [
      'a generation that is not a number',
      () => fromPubSubPush(push({ ...RESOURCE, generation: 'x' })),
      'object resource: generation: ',
    ],
    [
      'a negative generation',
      () => fromPubSubPush(push({ ...RESOURCE, generation: -1 })),
      'object resource: generation: ',
    ],
    [
      'a size that is not a number',
      () => fromPubSubPush(push({ ...RESOURCE, size: '1 MB' })),
      'object resource: size: ',
    ],
    [
      'a date without time',
      () => fromPubSubPush(push({ ...RESOURCE, updated: '2023-11-14' })),
      'object resource: updated: ',
    ],
    [
      'no time',
      () => fromPubSubPush(push({ ...RESOURCE, updated: undefined, timeCreated: undefined })),
      'object resource: updated: missing; expected an RFC 3339 time',
    ],
    [
      'several wrong fields',
      () => fromPubSubPush(push({ generation: '1' })),
      'object resource: bucket: Invalid input: expected string, received undefined; object resource: name: ',
    ],
    ['a CloudEvent without data', () => fromCloudEvent({ id: '1', type: FINALIZED }), 'object resource: as a whole: '],
    ['a structured CloudEvent of null', () => fromStructured(null), 'CloudEvent: as a whole: '],
    ['a structured CloudEvent without type', () => fromStructured({ id: '1', data: RESOURCE }), 'CloudEvent: type: '],
    [
      'a structured CloudEvent with an invalid ID',
      () => fromStructured({ id: { toString: 1 }, type: FINALIZED }),
      'CloudEvent: id: ',
    ],
  ])('%s', (_name, reading, message) => {
    expect(reading).toThrow(EventInvalidError);
    expect(reading).toThrow(message);
  });
});

test('any input is an event or causes an EventInvalidError', () => {
  const odd = fc.oneof(fc.jsonValue(), fc.constantFrom(RESOURCE, { ...RESOURCE, updated: '9999-99-99T99:99:99Z' }));
  fc.assert(
    fc.property(
      fc.oneof(
        odd,
        odd.map((value) => push(value)),
        fc.record({ message: odd }),
      ),
      (body) => {
        for (const read of [
          fromPubSubPush,
          fromStructured,
          (data: unknown) => fromCloudEvent({ id: '', type: '', data }),
        ]) {
          try {
            expect(Number.isFinite(read(body).updatedMs)).toBe(true);
          } catch (error) {
            expect(error).toBeInstanceOf(EventInvalidError);
          }
        }
      },
    ),
  );
});
