package io.postpaid.platform.store;

import io.postpaid.platform.home.Home;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class StoreConfiguration {

    @Bean
    DocumentStore documentStore(Home home, S3Settings s3, @Value("${POSTPAID_DOCUMENTS:}") String documents) {
        return Home.isBucket(documents)
                ? new BucketStore(Place.of("POSTPAID_DOCUMENTS", documents), s3)
                : new FolderStore(home);
    }
}
