package floof.api.fastpath;

/**
 * Messages of one type that one end of FPC got since its process started.
 *
 * @param end who got them: {@code manager} or {@code fast-path}
 * @param type {@code route}, {@code neighbour}, ...
 * @param failed of those, answered by an error
 */
public record FpcCounter(String end, String type, long received, long failed) {}
