package floof.fpc;

/** A message or field that the protocol does not allow; the text says where, what and why. */
public final class MalformedMessage extends IllegalArgumentException {
    private final String place;
    private final String value;
    private final String expectation;

    public MalformedMessage(String place, Object value, String expectation) {
        super(place + ": " + value + "; expected " + expectation);
        this.place = place;
        this.value = value.toString();
        this.expectation = expectation;
    }

    /** Message and field, like {@code ROUTE.nextHops[3].weight}. */
    public String place() {
        return place;
    }

    public String value() {
        return value;
    }

    public String expectation() {
        return expectation;
    }
}
