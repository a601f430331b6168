/**
 * Each node and each table alone, by JMH: {@code ./floof bench jmh [--json] [--once] [REGEX]}.
 *
 * <p>An invocation is 256 packets (keys, routes) and about a microsecond long; what gets them ready
 * is not in its time, two readings of the clock are (half a clock per packet). A row's figure is
 * the median invocation, so that one in which the system ran something else does not count. Every
 * row has a process of its own, in which packets of all kinds went through all nodes before.
 *
 * <p>JMH is found by the class path of {@code ./floof bench jmh} only; nothing else needs it.
 */
@org.jspecify.annotations.NullMarked
package floof.lab.bench.jmh;
