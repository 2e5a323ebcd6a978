package io.postpaid.sandbox;

import tools.jackson.databind.node.ObjectNode;

/** Stripe's objects as they are before anything happened to them, with the fields of API version 2026-07-29.dahlia. */
final class Blank {
    static final ObjectNode CUSTOMER = Json.object("""
            {"id": null, "object": "customer", "address": null, "balance": 0, "created": 0, "currency": null,
             "default_source": null, "delinquent": false, "description": null, "email": null,
             "invoice_settings": {"custom_fields": null, "default_payment_method": null, "footer": null,
               "rendering_options": null},
             "livemode": false, "metadata": {}, "name": null, "phone": null, "preferred_locales": [],
             "shipping": null, "tax_exempt": "none", "test_clock": null}""");

    static final ObjectNode PAYMENT_METHOD = Json.object("""
            {"id": null, "object": "payment_method", "allow_redisplay": "unspecified",
             "billing_details": {"address": {"city": null, "country": null, "line1": null, "line2": null,
               "postal_code": null, "state": null}, "email": null, "name": null, "phone": null, "tax_id": null},
             "card": {}, "created": 0, "customer": null, "livemode": false, "metadata": {}, "type": "card"}""");

    static final ObjectNode CARD = Json.object("""
            {"brand": null, "checks": {"address_line1_check": null, "address_postal_code_check": null,
               "cvc_check": "pass"},
             "country": "US", "display_brand": null, "exp_month": 12, "exp_year": 0, "fingerprint": null,
             "funding": "credit", "last4": null, "networks": {"available": [], "preferred": null},
             "three_d_secure_usage": {"supported": true}, "wallet": null}""");

    static final ObjectNode SETUP_INTENT = Json.object("""
            {"id": null, "object": "setup_intent", "application": null, "automatic_payment_methods": null,
             "cancellation_reason": null, "client_secret": null, "created": 0, "customer": null, "description": null,
             "last_setup_error": null, "latest_attempt": null, "livemode": false, "mandate": null, "metadata": {},
             "next_action": null, "on_behalf_of": null, "payment_method": null,
             "payment_method_options": {"card": {"request_three_d_secure": "automatic"}},
             "payment_method_types": ["card"], "single_use_mandate": null, "status": "requires_payment_method",
             "usage": "off_session"}""");

    static final ObjectNode PAYMENT_INTENT = Json.object("""
            {"id": null, "object": "payment_intent", "amount": 0, "amount_capturable": 0,
             "amount_details": {"tip": {}}, "amount_received": 0, "application": null, "application_fee_amount": null,
             "automatic_payment_methods": null, "canceled_at": null, "cancellation_reason": null,
             "capture_method": "automatic", "client_secret": null, "confirmation_method": "automatic", "created": 0,
             "currency": null, "customer": null, "description": null, "last_payment_error": null,
             "latest_charge": null, "livemode": false, "metadata": {}, "next_action": null, "on_behalf_of": null,
             "payment_method": null,
             "payment_method_options": {"card": {"installments": null, "mandate_options": null, "network": null,
               "request_three_d_secure": "automatic"}},
             "payment_method_types": ["card"], "processing": null, "receipt_email": null, "review": null,
             "setup_future_usage": null, "shipping": null, "source": null, "statement_descriptor": null,
             "statement_descriptor_suffix": null, "status": "requires_payment_method", "transfer_data": null,
             "transfer_group": null}""");

    static final ObjectNode CHARGE = Json.object("""
            {"id": null, "object": "charge", "amount": 0, "amount_captured": 0, "amount_refunded": 0,
             "application": null, "application_fee": null, "application_fee_amount": null,
             "balance_transaction": null, "billing_details": {}, "calculated_statement_descriptor": null,
             "captured": false, "created": 0, "currency": null, "customer": null, "description": null,
             "disputed": false, "failure_balance_transaction": null, "failure_code": null, "failure_message": null,
             "fraud_details": {}, "livemode": false, "metadata": {}, "on_behalf_of": null, "outcome": {},
             "paid": false, "payment_intent": null, "payment_method": null, "payment_method_details": {},
             "receipt_email": null, "receipt_number": null, "receipt_url": null, "refunded": false, "review": null,
             "shipping": null, "source": null, "source_transfer": null, "statement_descriptor": null,
             "statement_descriptor_suffix": null, "status": "failed", "transfer_data": null,
             "transfer_group": null}""");

    static final ObjectNode REFUND = Json.object("""
            {"id": null, "object": "refund", "amount": 0, "balance_transaction": null, "charge": null, "created": 0,
             "currency": null,
             "destination_details": {"card": {"reference_status": "pending", "reference_type":
               "acquirer_reference_number", "type": "refund"}, "type": "card"},
             "metadata": {}, "payment_intent": null, "reason": null, "receipt_number": null,
             "source_transfer_reversal": null, "status": "succeeded", "transfer_reversal": null}""");

    static final ObjectNode DISPUTE = Json.object("""
            {"id": null, "object": "dispute", "amount": 0, "balance_transactions": [], "charge": null, "created": 0,
             "currency": null, "enhanced_eligibility_types": [], "evidence": {},
             "evidence_details": {"due_by": null, "has_evidence": false, "past_due": false, "submission_count": 0},
             "is_charge_refundable": false, "livemode": false, "metadata": {}, "network_reason_code": null,
             "payment_intent": null, "reason": "general", "status": "needs_response"}""");

    static final ObjectNode PAYOUT = Json.object("""
            {"id": null, "object": "payout", "amount": 0, "arrival_date": 0, "automatic": false,
             "balance_transaction": null, "created": 0, "currency": null, "description": null, "destination": null,
             "failure_balance_transaction": null, "failure_code": null, "failure_message": null, "livemode": false,
             "metadata": {}, "method": "standard", "original_payout": null,
             "reconciliation_status": "not_applicable", "reversed_by": null, "source_type": "card",
             "statement_descriptor": null, "status": "paid", "type": "bank_account"}""");

    static final ObjectNode BALANCE_TRANSACTION = Json.object("""
            {"id": null, "object": "balance_transaction", "amount": 0, "available_on": 0,
             "balance_type": "payments", "created": 0, "currency": null, "description": null, "exchange_rate": null,
             "fee": 0, "fee_details": [], "net": 0, "reporting_category": null, "source": null,
             "status": "pending", "type": null}""");

    static final ObjectNode EVENT = Json.object("""
            {"id": null, "object": "event", "api_version": "%s", "created": 0, "livemode": false,
             "pending_webhooks": 0, "request": {"id": null, "idempotency_key": null}, "type": null}""".formatted(Call.API_VERSION));

    private Blank() {}
}
