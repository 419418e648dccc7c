import {
  type Client,
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  type ScheduleOptions,
  ScheduleOverlapPolicy,
} from '@temporalio/client';
import type { Rule } from '../rules/types';
import { BACKFILL, type BackfillRequest } from '../workflows/contract';

/** Maintains one Temporal Schedule for each enabled rule with BackfillEveryInSec, and none for other rules. */
export class BackfillSchedules {
  /** Seconds between the runs of each Schedule, by ID. NaN: not known yet. Undefined until they are first listed. */
  private intervals: Map<string, number> | undefined;

  constructor(
    private readonly client: Client,
    private readonly taskQueue: string,
  ) {}

  /** Updates the Schedules for the current rules. Calls Temporal only for changes. @throws what Temporal throws. */
  async follow(rules: readonly Rule[]): Promise<void> {
    this.intervals ??= new Map((await this.ids()).map((id) => [id, Number.NaN]));
    const wanted = rules.filter(({ disabled, backfillEveryInSec }) => !disabled && backfillEveryInSec !== undefined);
    const ids = new Set(wanted.map((rule) => this.idOf(rule)));
    for (const id of this.intervals.keys()) {
      if (ids.has(id)) continue;
      await this.remove(id);
      this.intervals.delete(id);
    }
    for (const rule of wanted) {
      const everySec = rule.backfillEveryInSec ?? 0;
      if (this.intervals.get(this.idOf(rule)) === everySec) continue;
      await this.put(rule, everySec);
      this.intervals.set(this.idOf(rule), everySec);
    }
  }

  private async ids(): Promise<string[]> {
    const ids: string[] = [];
    for await (const { scheduleId } of this.client.schedule.list()) {
      if (scheduleId.startsWith(this.prefix)) ids.push(scheduleId);
    }
    return ids;
  }

  private async put(rule: Rule, everySec: number): Promise<void> {
    const scheduleId = this.idOf(rule);
    const request: BackfillRequest = { rules: [rule.id] };
    const options = {
      scheduleId,
      spec: { intervals: [{ every: everySec * 1000 }] },
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 minute' },
      action: {
        type: 'startWorkflow',
        workflowType: BACKFILL,
        workflowId: scheduleId,
        taskQueue: this.taskQueue,
        args: [request],
        staticSummary: `backfill of ${rule.id}`,
      },
    } satisfies ScheduleOptions;
    try {
      await this.client.schedule.create(options);
    } catch (error) {
      if (!(error instanceof ScheduleAlreadyRunning)) throw error;
      // Keep the state: whether a Schedule is paused is the operator's choice.
      const { spec, policies, action } = options;
      await this.client.schedule.getHandle(scheduleId).update(({ state }) => ({ spec, policies, action, state }));
    }
  }

  private async remove(scheduleId: string): Promise<void> {
    try {
      await this.client.schedule.getHandle(scheduleId).delete();
    } catch (error) {
      if (!(error instanceof ScheduleNotFoundError)) throw error;
    }
  }

  private get prefix(): string {
    return `${this.taskQueue}:backfill:`;
  }

  private idOf({ id }: Rule): string {
    return this.prefix + id;
  }
}
