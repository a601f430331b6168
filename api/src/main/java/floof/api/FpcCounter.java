package floof.api;

/**
 * Messages of one type on one FPC socket.
 *
 * @param end {@code manager} or {@code fast-path}
 * @param message {@code ROUTE}, {@code NEIGHBOUR}, ...
 * @param sent requests
 * @param failed of those, answered by an error
 */
public record FpcCounter(String end, String message, long sent, long acknowledged, long failed) {}
