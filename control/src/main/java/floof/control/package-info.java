/**
 * The control plane of an instance: commits, ports, BIRD, and the answers to operators.
 *
 * <p>A commit is validated, read as an {@link floof.control.plan.Intent}, compared with what is,
 * planned (each {@link floof.control.plan.Department} for itself), prepared, carried out or undone,
 * recorded. Linux is what gets configured; the cache manager mirrors Linux into the fast path by
 * itself. Only ports and traces, which Linux has no notion of, are sent to the fast path directly.
 *
 * <p>A port is a claimed kernel device in the hidden namespace, its twin (a TAP device of the same
 * name, MAC and carrier in the dataplane namespace) and a number in the fast path. What it was
 * before lies on disk ({@code claims.jsonl}) before anything is changed. Addresses set by commits
 * carry a protocol number of their own; all others are foreign and stay.
 *
 * <p>Everything outlives floofd: the next one finds ports by their records, twins through the open
 * files that the fast path holds, processes by their command lines. {@link floof.control.Leftovers}
 * takes all of it back from the same records.
 *
 * <p>Known limits: routes that a claimed device had in its old namespace are not put back (the
 * kernel makes the connected ones again); addresses with a limited lifetime are not recorded;
 * offloads are never changed, so none are recorded.
 */
@org.jspecify.annotations.NullMarked
package floof.control;
