package floof.cli;

import java.util.List;

/**
 * One line of completions.
 *
 * @param mark '>' for a container, '+' for what takes several values, a space for the rest
 * @param word the word, or what is shown in the place of one
 * @param isPlaceholder false for a word that completion may type
 */
record Suggestion(char mark, String word, String help, boolean isPlaceholder) {

    Suggestion(char mark, String word, String help) {
        this(mark, word, help, false);
    }

    Suggestion(String word, String help) {
        this(' ', word, help);
    }

    static Suggestion placeholder(char mark, String word, String help) {
        return new Suggestion(mark, word, help, true);
    }

    /** Header and lines as the operator reads them. */
    static String list(List<Suggestion> suggestions) {
        if (suggestions.isEmpty()) {
            return "No valid completions\n";
        }
        int width = suggestions.stream().mapToInt(s -> s.word().length()).max().orElse(0);
        width = Math.min(Math.max(width, 18), 40);
        StringBuilder text = new StringBuilder("Possible completions:\n");
        for (Suggestion s : suggestions) {
            String word = s.word() + " ".repeat(Math.max(0, width - s.word().length()));
            text.append((s.mark() + " " + word + "  " + s.help()).stripTrailing()).append('\n');
        }
        return text.toString();
    }
}
