// Children of one span that do the same thing many times become one row: "342 × SELECT, p95 3 ms".

import { quantile } from './groups.js';

const fewest = 8; // calls that are worth a fold

function foldOfMembers(trace, self, members) {
  const durations = members.map((index) => trace.duration[index] || 0).sort((one, other) => one - other);
  return {
    members,
    first: members[0],
    errors: members.reduce((sum, index) => sum + (trace.failed(index) ? 1 : 0) + trace.errorsBelow[index], 0),
    total: durations.reduce((sum, duration) => sum + duration, 0),
    self: members.reduce((sum, index) => sum + self[index], 0),
    p95: quantile(durations, 0.95),
  };
}

/** `foldOf` has for each span the number of its fold, or -1. */
export function findFolds(trace, self) {
  const folds = [];
  const foldOf = new Int32Array(trace.count).fill(-1);
  for (let parent = -1; parent < trace.count; parent += 1) {
    if (parent >= 0 && trace.size[parent] < fewest) continue;
    const alike = new Map();
    trace.eachChild(parent, (child) => {
      if (trace.orphan[child]) return;
      const key = trace.name[child] * trace.services.length + trace.service[child];
      if (alike.has(key)) alike.get(key).push(child);
      else alike.set(key, [child]);
    });
    for (const members of alike.values()) {
      if (members.length < fewest) continue;
      for (const member of members) foldOf[member] = folds.length;
      folds.push(foldOfMembers(trace, self, members));
    }
  }
  return { folds, foldOf };
}
