import { Hono } from 'hono';
import { z } from 'zod';
import { invalid } from '../errors';
import { compose } from '../store/compose';
import { checkObjectName, parseObjectInput } from '../store/objectFields';
import type { CopyDestination, CopySource } from '../store/objects';
import { integerOf, preconditionsOf } from '../store/preconditions';
import { objectResource } from '../store/resource';
import type { ApiCall } from './apiCall';
import { answer, baseOf, bodyOf, param, queryOf, type Services, type StorageContext, type StorageEnv } from './context';

const generation = z.union([z.string().regex(/^\d+$/), z.number()]).transform(Number);
const composeSchema = z.object({
  destination: z.unknown().optional(),
  sourceObjects: z
    .array(
      z.object({
        name: z.string(),
        generation: generation.nullish().transform((value) => value ?? undefined),
        objectPreconditions: z.object({ ifGenerationMatch: generation.nullish() }).nullish(),
      }),
    )
    .default([]),
});

/** Methods that make an object of other objects: rewriteTo, copyTo, moveTo, compose. */
export function copyRoutes(call: ApiCall, { objects, blobs }: Services): Hono<StorageEnv> {
  const app = new Hono<StorageEnv>();

  app.post(
    '/b/:bucket/o/:object/rewriteTo/b/:destinationBucket/o/:destinationObject',
    call('objects.rewrite', async (c) => {
      const object = await objects.copy(sourceOf(c), await destinationOf(c, param(c, 'destinationBucket')));
      const size = String(object.content.size);
      return answer(c, {
        kind: 'storage#rewriteResponse',
        totalBytesRewritten: size,
        objectSize: size,
        done: true,
        resource: objectResource(object, baseOf(c)),
      });
    }),
  );

  app.post(
    '/b/:bucket/o/:object/copyTo/b/:destinationBucket/o/:destinationObject',
    call('objects.copy', async (c) => {
      const object = await objects.copy(sourceOf(c), await destinationOf(c, param(c, 'destinationBucket')));
      return answer(c, objectResource(object, baseOf(c)));
    }),
  );

  app.post(
    '/b/:bucket/o/:object/moveTo/o/:destinationObject',
    call('objects.move', async (c) => {
      if (param(c, 'object') === param(c, 'destinationObject'))
        throw invalid('Source and destination object names must be different.');
      const object = await objects.move(sourceOf(c), await destinationOf(c, param(c, 'bucket')));
      return answer(c, objectResource(object, baseOf(c)));
    }),
  );

  app.post(
    '/b/:bucket/o/:destinationObject/compose',
    call('objects.compose', async (c) => {
      const parsed = composeSchema.safeParse(await bodyOf(c));
      if (!parsed.success) throw invalid(`Invalid value: ${z.prettifyError(parsed.error)}`);
      const sources = parsed.data.sourceObjects.map(({ objectPreconditions, ...source }) => ({
        ...source,
        conditions:
          objectPreconditions?.ifGenerationMatch == null
            ? {}
            : { generationMatch: objectPreconditions.ifGenerationMatch },
      }));
      const destination = { bucket: param(c, 'bucket'), name: checkObjectName(param(c, 'destinationObject')) };
      const input = parseObjectInput(parsed.data.destination);
      const conditions = preconditionsOf(queryOf(c));
      const object = await compose(objects, blobs, destination, sources, input, conditions);
      return answer(c, objectResource(object, baseOf(c)));
    }),
  );

  return app;
}

function sourceOf(c: StorageContext): CopySource {
  return {
    bucket: param(c, 'bucket'),
    name: param(c, 'object'),
    generation: integerOf(queryOf(c), 'sourceGeneration'),
    conditions: preconditionsOf(queryOf(c), 'Source'),
  };
}

async function destinationOf(c: StorageContext, bucket: string): Promise<CopyDestination> {
  const name = checkObjectName(param(c, 'destinationObject'));
  return { bucket, name, input: parseObjectInput(await bodyOf(c)), conditions: preconditionsOf(queryOf(c)) };
}
