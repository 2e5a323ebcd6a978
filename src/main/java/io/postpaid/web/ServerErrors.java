package io.postpaid.web;

import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import tools.jackson.databind.json.JsonMapper;

/** Writes what the server refuses before any call could: it makes this by name, and would else answer with a page. */
public final class ServerErrors extends ErrorReportValve {
    @Override
    protected void report(Request request, Response response, @Nullable Throwable failure) {
        var status = HttpStatus.resolve(response.getStatus());
        if (status == null || !status.isError() || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        var refusal = Errors.refused(status);
        try {
            response.setContentType("application/json");
            response.setCharacterEncoding("utf-8");
            var writer = response.getReporter();
            if (writer != null) writer.write(JsonMapper.shared().writeValueAsString(Errors.envelope(refusal)));
            response.finishResponse();
        } catch (IOException | IllegalStateException e) {
            // The caller is gone, and nobody is left to be told.
            container.getLogger().debug("an error could not be written", e);
        }
    }
}
