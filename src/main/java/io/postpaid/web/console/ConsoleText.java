package io.postpaid.web.console;

import io.postpaid.platform.file.PlainText;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Refuses parameters that no database keeps as text, before a page asks for them. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication
class ConsoleText implements WebMvcConfigurer, HandlerInterceptor {
    @Override
    public void addInterceptors(InterceptorRegistry interceptors) {
        interceptors.addInterceptor(this).addPathPatterns("/console", "/console/**");
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        request.getParameterMap().values().stream()
                .flatMap(Arrays::stream)
                .filter(value -> !PlainText.isStorable(value))
                .findFirst()
                .ifPresent(value -> {
                    throw new RequestRejectedException("A parameter is no text");
                });
        return true;
    }
}
