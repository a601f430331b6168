package floof.cli.answer;

import java.util.List;

/**
 * One line of completions.
 *
 * @param mark '>' for a container, '+' for what takes several values, a space for the rest
 * @param word the word, or what is shown in the place of one
 * @param isPlaceholder false for a word that completion may type
 */
public record Suggestion(char mark, String word, String help, boolean isPlaceholder) {

    /** Columns for help without which it is left to the terminal to break lines. */
    private static final int HELP_MIN = 12;

    public Suggestion(char mark, String word, String help) {
        this(mark, word, help, false);
    }

    public Suggestion(String word, String help) {
        this(' ', word, help);
    }

    public static Suggestion placeholder(char mark, String word, String help) {
        return new Suggestion(mark, word, help, true);
    }

    /**
     * Header and lines as the operator reads them.
     *
     * @param columns of the screen, 0 for no end
     */
    public static String list(List<Suggestion> suggestions, int columns) {
        if (suggestions.isEmpty()) {
            return "No valid completions\n";
        }
        int width = suggestions.stream().mapToInt(s -> Columns.of(s.word())).max().orElse(0);
        width = Math.min(Math.max(width, 18), 40);
        StringBuilder text = new StringBuilder("Possible completions:\n");
        for (Suggestion s : suggestions) {
            String start = s.mark() + " " + s.word() + Columns.space(s.word(), width) + "  ";
            String rest = s.help();
            int room = columns - Columns.of(start);
            while (room >= HELP_MIN && Columns.of(rest) > room) {
                String fits = Columns.cut(rest, room);
                int end = fits.lastIndexOf(' ') > 0 ? fits.lastIndexOf(' ') : fits.length();
                text.append(start).append(rest, 0, end).append('\n');
                rest = rest.substring(end).stripLeading();
                start = " ".repeat(columns - room);
            }
            text.append((start + rest).stripTrailing()).append('\n');
        }
        return text.toString();
    }

    /** The longest text that all words begin with. */
    public static String common(List<String> words) {
        String common = words.getFirst();
        for (String word : words) {
            while (!word.startsWith(common)) {
                common = common.substring(0, common.length() - 1);
            }
        }
        return common;
    }
}
