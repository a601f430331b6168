package floof.control.bgp;

import floof.api.network.BgpSession.Direction;
import java.time.Instant;

/**
 * What ended a session, or keeps it from coming up.
 *
 * @param direction who found it
 */
public record Failure(String text, Direction direction, Instant time) {

    /**
     * From BIRD's words, whose first one is the direction (proto/bgp/bgp.c, bgp_err_classes):
     * {@code Received: Administrative shutdown}, {@code BGP Error: Hold timer expired}, {@code
     * Socket: Connection closed}, {@code Error: Link down}.
     */
    static Failure of(String bird, Instant time) {
        int colon = bird.indexOf(": ");
        String first = colon < 0 ? "" : bird.substring(0, colon);
        String rest = bird.substring(colon < 0 ? 0 : colon + 2);
        return switch (first) {
            case "Received" -> new Failure(rest, Direction.RECEIVED, time);
            case "BGP Error" -> new Failure(rest, Direction.SENT, time);
            case "Socket" -> new Failure(rest, Direction.TRANSPORT, time);
            case "Error" -> new Failure(rest, Direction.LOCAL, time);
            default -> new Failure(bird, Direction.LOCAL, time);
        };
    }

    @Override
    public String toString() {
        return text + " (" + direction.label() + ")";
    }
}
