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

/** Methods that make an object from other objects: rewriteTo, copyTo, moveTo, compose. */
export function copyRoutes(call: ApiCall, { objects, blobs }: Services): Hono<StorageEnv> {
  const app = new Hono<StorageEnv>();

  app.post(
    '/b/:bucket/o/:object/rewriteTo/b/:destinationBucket/o/:destinationObject',
    call('objects.rewrite', async (context) => {
      const object = await objects.copy(
        sourceOf(context),
        await destinationOf(context, param(context, 'destinationBucket')),
      );
      const size = String(object.content.size);
      return answer(context, {
        kind: 'storage#rewriteResponse',
        totalBytesRewritten: size,
        objectSize: size,
        done: true,
        resource: objectResource(object, baseOf(context)),
      });
    }),
  );

  app.post(
    '/b/:bucket/o/:object/copyTo/b/:destinationBucket/o/:destinationObject',
    call('objects.copy', async (context) => {
      const object = await objects.copy(
        sourceOf(context),
        await destinationOf(context, param(context, 'destinationBucket')),
      );
      return answer(context, objectResource(object, baseOf(context)));
    }),
  );

  app.post(
    '/b/:bucket/o/:object/moveTo/o/:destinationObject',
    call('objects.move', async (context) => {
      if (param(context, 'object') === param(context, 'destinationObject'))
        throw invalid('Source and destination object names must be different.');
      const object = await objects.move(sourceOf(context), await destinationOf(context, param(context, 'bucket')));
      return answer(context, objectResource(object, baseOf(context)));
    }),
  );

  app.post(
    '/b/:bucket/o/:destinationObject/compose',
    call('objects.compose', async (context) => {
      const parsed = composeSchema.safeParse(await bodyOf(context));
      if (!parsed.success) throw invalid(`Invalid value: ${z.prettifyError(parsed.error)}`);
      const sources = parsed.data.sourceObjects.map(({ objectPreconditions, ...source }) => ({
        ...source,
        conditions: { generationMatch: objectPreconditions?.ifGenerationMatch ?? undefined },
      }));
      const destination = {
        bucket: param(context, 'bucket'),
        name: checkObjectName(param(context, 'destinationObject')),
      };
      const input = parseObjectInput(parsed.data.destination);
      const conditions = preconditionsOf(queryOf(context));
      const object = await compose(objects, blobs, destination, sources, input, conditions);
      return answer(context, objectResource(object, baseOf(context)));
    }),
  );

  return app;
}

function sourceOf(context: StorageContext): CopySource {
  return {
    bucket: param(context, 'bucket'),
    name: param(context, 'object'),
    generation: integerOf(queryOf(context), 'sourceGeneration'),
    conditions: preconditionsOf(queryOf(context), 'Source'),
  };
}

async function destinationOf(context: StorageContext, bucket: string): Promise<CopyDestination> {
  const name = checkObjectName(param(context, 'destinationObject'));
  return {
    bucket,
    name,
    input: parseObjectInput(await bodyOf(context)),
    conditions: preconditionsOf(queryOf(context)),
  };
}
