/* Undo and redo. A step is a list of {lesson, pupil, before, after}: one key, or one pasted block. */

const DEEPEST = 200;

export class History {
  #done = [];
  #undone = [];

  add(step) {
    if (step.length === 0) return;
    this.#done.push(step);
    if (this.#done.length > DEEPEST) this.#done.shift();
    this.#undone = [];
  }

  /** Return the step to take back as cells {lesson, pupil, from, to}, or null. */
  undo() {
    const step = this.#done.pop();
    if (!step) return null;
    this.#undone.push(step);
    return step.map(({ lesson, pupil, before, after }) => ({ lesson, pupil, from: after, to: before }));
  }

  redo() {
    const step = this.#undone.pop();
    if (!step) return null;
    this.#done.push(step);
    return step.map(({ lesson, pupil, before, after }) => ({ lesson, pupil, from: before, to: after }));
  }
}
