/**
 * The nodes of the forwarding graph.
 *
 * <pre>
 *   port ── ethernet-input ─┬─ ip4-input ── ip4-lookup ── ip4-rewrite ─┬─ port-output ── port
 *                           └─ ip6-input ── ip6-lookup ── ip6-rewrite ─┘       │
 *   twin ── twin-input ────────────────────────────────────────────────────────┘
 *   every node ──┬─ exception ─┬─ twin-output ── twin   (Linux knows what to do)
 *                └─────────────┴─ drop                  (nobody does, or too many)
 * </pre>
 *
 * <p>A packet that leaves the forwarding path is unmodified, so Linux gets the original frame.
 * Linux handles ARP, neighbour discovery and ICMP errors: a packet that needs them is an exception.
 * Every packet ends in a port, at the twin or in drop, where it is counted once: received = sent +
 * excepted + policed + dropped.
 *
 * <p>Each node judges a packet in one static function that maps its header to a <em>verdict</em>:
 * an exit, and a reason if it leaves ({@link floof.dataplane.Verdict}). Sources: RFC 1812 (IPv4
 * routers), RFC 8200 and 4443 (IPv6), RFC 1624 (incremental checksum).
 *
 * <p>Known gaps: VLAN tags, multicast forwarding, ICMP redirects; Linux handles such frames.
 */
@org.jspecify.annotations.NullMarked
package floof.dataplane;
