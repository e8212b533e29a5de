import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { StepShape } from './tfjsStep.ts';

export interface TorchTimes {
  readonly version: string;
  readonly milliseconds: readonly number[];
}

/** PyTorch's times for `repetitions` training steps on one thread; `undefined` where no Python on this machine has it. */
export function timeTorchSteps(shape: StepShape, repetitions: number): TorchTimes | undefined {
  const script = join(import.meta.dirname.replace(`${join('dist', 'bench')}`, 'bench'), 'train_step.py');
  const figures = [
    shape.steps,
    shape.batch,
    shape.units[0]!,
    shape.units.length,
    shape.inputs,
    shape.outputs,
    repetitions,
  ];
  for (const python of ['python3', '/usr/bin/python3']) {
    const { status, stdout } = spawnSync(python, [script, ...figures.map(String)], {
      encoding: 'utf8',
      env: { ...process.env, OPENBLAS_NUM_THREADS: '1', OMP_NUM_THREADS: '1' },
    });
    if (status === 0) return JSON.parse(stdout) as TorchTimes; // as train_step.py prints it
  }
  return undefined;
}
