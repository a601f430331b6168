/**
 * BIRD 2: its configuration generated from the committed one, its control socket, its process.
 *
 * <p>The daemon runs in the dataplane namespace and outlives floofd. Replies are told apart by the
 * four-digit codes of the control protocol (BIRD 2.0, {@code doc/reply_codes}), never by wording.
 * After an unplanned end it is started with {@code -R}: the kernel keeps the learned routes until
 * each peer said End-of-RIB (RFC 4724) or the wait is over.
 */
@org.jspecify.annotations.NullMarked
package floof.control.bird;
