package floof.config;

import java.util.regex.Pattern;

/** Patterns of file-name style: {@code *}, {@code ?}, {@code [a-d]}. */
final class Glob {

    private Glob() {}

    /**
     * @throws IllegalArgumentException for a bracket without its end, or with nothing in it
     */
    static Pattern pattern(String glob) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < glob.length(); i++) {
            char c = glob.charAt(i);
            switch (c) {
                case '*' -> regex.append(".*");
                case '?' -> regex.append('.');
                case '[' -> {
                    int end = glob.indexOf(']', i);
                    if (end < i + 2 || !glob.substring(i + 1, end).matches("[A-Za-z0-9-]+")) {
                        throw new IllegalArgumentException(
                                "'" + glob + "' is no pattern: expected letters and digits in []");
                    }
                    regex.append('[').append(glob, i + 1, end).append(']');
                    i = end;
                }
                default -> regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return Pattern.compile(regex.toString());
    }
}
