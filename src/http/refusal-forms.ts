import { Injectable } from '@nestjs/common';
import { PROBLEM_TYPE, toProblem } from './problem.filter.js';

/** A refusal as it is sent. */
export interface Refusal {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** How refusals look that no handler makes: as problem details, but for paths whose clients know another form only. */
@Injectable()
export class RefusalForms {
  private readonly forms: Array<{ readonly prefix: string; readonly form: (error: unknown) => Refusal }> = [];

  /** @param prefix of the paths, such as `/udf/` */
  register(prefix: string, form: (error: unknown) => Refusal): void {
    this.forms.push({ prefix, form });
  }

  of(path: string, error: unknown): Refusal {
    const known = this.forms.find(({ prefix }) => path.startsWith(prefix));
    if (known) return known.form(error);
    const problem = toProblem(error);
    return { status: problem.status, type: PROBLEM_TYPE, body: JSON.stringify(problem) };
  }
}
