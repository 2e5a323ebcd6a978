package io.postpaid.web;

import io.postpaid.platform.file.PlainText;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.jdk.NumberDeserializers.BigDecimalDeserializer;
import tools.jackson.databind.deser.jdk.StringDeserializer;
import tools.jackson.databind.json.JsonMapper;

/**
 * Refuses what no honest request has, before a call sees it: a parameter that is given twice or empty, that the call does not know,
 * that is no text, or that stands in the path; a header of ours given twice; a packed body. So no call has to think of it.
 */
final class WellFormed implements HandlerInterceptor {
    static final int PARAMETER_MAX = 500;
    private static final List<String> ONCE = List.of(
            HttpHeaders.AUTHORIZATION, "Idempotency-Key", HttpHeaders.CONTENT_TYPE, HttpHeaders.CONTENT_ENCODING);

    private final Map<HandlerMethod, Set<String>> known = new ConcurrentHashMap<>();
    private final Map<HandlerMethod, Boolean> bodiless = new ConcurrentHashMap<>();

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler)
            throws IOException {
        if (request.getRequestURI().indexOf(';') >= 0) {
            throw HttpRefusal.invalid("path", "No address has a ';' in it: parameters stand behind a '?'");
        }
        if (!(handler instanceof HandlerMethod method) || Authentication.isOpen(method)) return true;
        for (var header : ONCE) {
            var values = Collections.list(request.getHeaders(header));
            if (values.size() > 1) throw HttpRefusal.invalid(header, "The header " + header + " is given twice");
            for (var value : values) text(header, value);
        }
        packed(request);
        var names = known.computeIfAbsent(method, WellFormed::parametersOf);
        request.getParameterMap().forEach((name, values) -> {
            if (!names.contains(name)) {
                throw HttpRefusal.invalid(shown(name), "There is no parameter '" + shown(name) + "' of this call");
            }
            if (values.length > 1) throw HttpRefusal.invalid(name, "The parameter '" + name + "' is given twice");
            if (values[0].isEmpty()) {
                throw HttpRefusal.invalid(
                        name, "The parameter '" + name + "' is empty: give it a value, or leave it out");
            }
            text(name, values[0]);
        });
        if (request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE) instanceof Map<?, ?> inPath) {
            inPath.forEach((name, value) -> text(String.valueOf(name), String.valueOf(value)));
        }
        if (bodiless.computeIfAbsent(method, WellFormed::takesNoBody)) mustBeEmpty(request);
        return true;
    }

    /** Whether a call reads nothing of a body; one that only asks is not sent with one. */
    private static boolean takesNoBody(HandlerMethod method) {
        return !method.hasMethodAnnotation(GetMapping.class)
                && Arrays.stream(method.getMethodParameters())
                        .noneMatch(parameter -> parameter.hasParameterAnnotation(RequestBody.class)
                                || parameter.getParameterType() == HttpServletRequest.class);
    }

    /** What is sent is meant: no member is passed over. */
    private static void mustBeEmpty(HttpServletRequest request) throws IOException {
        var body = new String(request.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (body.isBlank()) return;
        try {
            var json = JsonMapper.shared().readTree(body);
            if (json.isObject() && json.isEmpty()) return;
            if (json.isObject()) {
                var name = shown(json.propertyNames().iterator().next());
                throw HttpRefusal.invalid(name, "There is no field '" + name + "' in this request");
            }
        } catch (JacksonException e) {
            // Said below: whatever it is, it is not looked at.
        }
        throw HttpRefusal.invalid("body", "This call takes nothing in its body: leave it out");
    }

    private static void packed(HttpServletRequest request) {
        var encoding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
        if (encoding == null || encoding.equalsIgnoreCase("identity")) return;
        throw new HttpRefusal(
                HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                "A packed body cannot be read here: send it as it is, without Content-Encoding");
    }

    private static String shown(String name) {
        return PlainText.isStorable(name) && name.length() <= PARAMETER_MAX ? name : "?";
    }

    private static void text(String name, String value) {
        if (value.length() > PARAMETER_MAX) {
            throw HttpRefusal.invalid(name, "'" + name + "' has more than " + PARAMETER_MAX + " characters");
        }
        if (!PlainText.isStorable(value) || PlainText.hasControl(value)) {
            throw HttpRefusal.invalid(name, "'" + name + "' has characters that are not text");
        }
    }

    private static Set<String> parametersOf(HandlerMethod method) {
        var names = new HashSet<String>();
        Arrays.stream(method.getMethodParameters()).forEach(parameter -> {
            if (parameter.getParameterType() == Acting.class || parameter.getParameterType() == Named.class) {
                names.add("account");
            }
            if (parameter.hasParameterAnnotation(RequestParam.class)) names.add(nameOf(parameter));
        });
        return Set.copyOf(names);
    }

    private static String nameOf(MethodParameter parameter) {
        var given = parameter.getParameterAnnotation(RequestParam.class);
        if (given != null && !given.name().isEmpty()) return given.name();
        parameter.initParameterNameDiscovery(new DefaultParameterNameDiscoverer());
        return String.valueOf(parameter.getParameterName());
    }

    /** A number of a JSON body, which may be written as a string. */
    static final class JsonNumber extends BigDecimalDeserializer {
        @Override
        public @Nullable BigDecimal deserialize(JsonParser json, DeserializationContext context)
                throws JacksonException {
            return json.hasToken(JsonToken.VALUE_STRING) && !PlainText.isAscii(json.getString())
                    ? (BigDecimal) context.handleWeirdStringValue(BigDecimal.class, "", "it is no number")
                    : super.deserialize(json, context);
        }
    }

    /** A string of a JSON body, which by an escape can be what is no text. */
    static final class JsonText extends StringDeserializer {
        @Override
        public String deserialize(JsonParser json, DeserializationContext context) throws JacksonException {
            var text = super.deserialize(json, context);
            return text == null || PlainText.isStorable(text)
                    ? text
                    : (String) context.handleWeirdStringValue(String.class, "", "it is no text");
        }
    }
}
