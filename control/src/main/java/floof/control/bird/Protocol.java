package floof.control.bird;

import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * One protocol instance as {@code show protocols all} tells it: code 1002 begins one (NAME PROTO
 * TABLE STATE DATE TIME INFO), the lines {@code LABEL: VALUE} of 1006 that follow are its details.
 *
 * @param state of the protocol: up, start, down, ...
 * @param sinceEpochS when it got into that state, seconds since 1970; 0 when BIRD does not say
 * @param info for BGP the session's state and what went wrong last
 * @param details by label; the first of several equal ones
 * @param routes what the line {@code Routes: 2 imported, 3 exported} counts, over all channels
 */
public record Protocol(
        String name,
        String type,
        String state,
        long sinceEpochS,
        String info,
        Map<String, String> details,
        Map<String, Long> routes) {

    private static final int SUMMARY = 1002;
    private static final int DETAIL = 1006;

    /** End of a heading in the details of BGP, over one capability a line. */
    private static final String CAPABILITIES = "capabilities";

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

    /** Every protocol in a reply to {@code show protocols all}. */
    public static List<Protocol> parse(List<BirdSocket.Line> reply) {
        List<Protocol> protocols = new ArrayList<>();
        for (BirdSocket.Line line : reply) {
            String[] words = line.text().strip().split("\\s+", 7);
            if (line.code() == SUMMARY && words.length >= 6) {
                protocols.add(summary(words));
            } else if (line.code() == DETAIL && !protocols.isEmpty()) {
                protocols.getLast().add(line.text().strip());
            }
        }
        return protocols;
    }

    private static Protocol summary(String[] words) {
        return new Protocol(
                words[0],
                words[1],
                words[3],
                epochSeconds(words[4] + " " + words[5]),
                words.length > 6 ? words[6].strip() : "",
                new HashMap<>(),
                new HashMap<>());
    }

    /** Value of a detail, empty when BIRD did not say. */
    public String detail(String label) {
        return details.getOrDefault(label, "");
    }

    /** Routes {@code imported}, {@code filtered}, {@code exported} or {@code preferred}. */
    public long count(String what) {
        return routes.getOrDefault(what, 0L);
    }

    /** For BGP: both ends keep routes while the other's daemon is started again. */
    public boolean isGraceful() {
        return Stream.of("Local", "Neighbor")
                .allMatch(end ->
                        details.containsKey(end + " " + CAPABILITIES + ": Graceful restart"));
    }

    private void add(String detail) {
        int colon = detail.indexOf(':');
        if (colon < 0) {
            if (detail.endsWith(CAPABILITIES)) {
                details.put(CAPABILITIES, detail);
            } else {
                details.putIfAbsent(details.getOrDefault(CAPABILITIES, "") + ": " + detail, "");
            }
            return;
        }
        String label = detail.substring(0, colon);
        String value = detail.substring(colon + 1).strip();
        details.putIfAbsent(label, value);
        if (label.equals("Routes")) {
            for (String part : value.split(",")) {
                String[] words = part.strip().split("\\s+");
                if (words.length == 2 && words[0].matches("[0-9]{1,18}")) {
                    routes.merge(words[1], Long.parseLong(words[0]), Long::sum);
                }
            }
        }
    }

    /** {@code timeformat ... iso long} in local time; 0 when it is not that. */
    static long epochSeconds(String text) {
        try {
            return LocalDateTime.parse(text, TIME).atZone(ZoneId.systemDefault()).toEpochSecond();
        } catch (DateTimeParseException e) {
            return 0;
        }
    }
}
