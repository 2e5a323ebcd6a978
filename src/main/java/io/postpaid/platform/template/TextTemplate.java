package io.postpaid.platform.template;

import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.MustacheException;
import com.samskivert.mustache.Template;
import java.io.StringReader;

/** One logic-less text: it prints what the view holds, loops and tests presence, and can do nothing else. */
public final class TextTemplate {
    private final String name;
    private final Template compiled;

    private TextTemplate(String name, Template compiled) {
        this.name = name;
        this.compiled = compiled;
    }

    /** Escapes what HTML could mistake for markup. */
    public static TextTemplate html(TemplateFiles files, String name) {
        return compile(files, name, true);
    }

    /** Prints values as they are. */
    public static TextTemplate plain(TemplateFiles files, String name) {
        return compile(files, name, false);
    }

    private static TextTemplate compile(TemplateFiles files, String name, boolean escape) {
        var compiler = Mustache.compiler()
                .escapeHTML(escape)
                .strictSections(true)
                .emptyStringIsFalse(true)
                .withLoader(partial -> new StringReader(files.text(partial)));
        try {
            return new TextTemplate(name, compiler.compile(files.text(name)));
        } catch (MustacheException e) {
            throw new IllegalArgumentException("templates/%s: %s".formatted(name, e.getMessage()), e);
        }
    }

    public String render(Object view) {
        try {
            return compiled.execute(view);
        } catch (MustacheException.Context e) {
            throw new IllegalArgumentException(
                    "templates/%s, line %d: no value for '%s'".formatted(name, e.lineNo, e.key), e);
        } catch (MustacheException e) {
            throw new IllegalArgumentException("templates/%s: %s".formatted(name, e.getMessage()), e);
        }
    }
}
