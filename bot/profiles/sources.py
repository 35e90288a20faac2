"""The pages that the figures in this folder come from, by a short name."""

from datetime import date

_GUIDE = "https://docs.aws.amazon.com/bedrock/latest/userguide/"

PREPARE = _GUIDE + "model-customization-prepare.html"
FINE_TUNING = _GUIDE + "custom-model-fine-tuning.html"
HYPERPARAMETERS = _GUIDE + "custom-models-hp.html"
CLAUDE_HYPERPARAMETERS = _GUIDE + "cm-hp-anth-claude-3.html"
PROMPT_CACHING = _GUIDE + "prompt-caching.html"
RFT = _GUIDE + "reinforcement-fine-tuning.html"
LIFECYCLE = _GUIDE + "model-lifecycle-legacy.html"
ON_DEMAND_DEPLOYMENT = _GUIDE + "deploy-custom-model-on-demand.html"
PROVISIONED_THROUGHPUT = _GUIDE + "prov-thru-supported.html"
NOVA_2_SFT = _GUIDE + "nova-2-sft-data-prep.html"
NOVA_ADVICE = "https://docs.aws.amazon.com/nova/latest/userguide/customize-fine-tune-hyperparameters.html"
NOVA_FORGE = (
    "https://github.com/aws/nova-forge-sdk, src/amzn_nova_forge/recipe/templates/bedrock/override/sft_lora.json:"
    " what AWS's own SDK sends to Bedrock"
)
NOVA_PREPARE = "https://docs.aws.amazon.com/nova/latest/userguide/fine-tune-prepare-data-understanding.html"
SAMPLES = "https://github.com/aws-samples/amazon-bedrock-samples/tree/main/custom-models/bedrock-fine-tuning/"
CLAUDE_VALIDATOR = SAMPLES + "claude-haiku/DataValidation/data_validation.py"
LLAMA_VALIDATOR = SAMPLES + "meta-llama/dataset_validation"
COOKBOOK = "https://platform.claude.com/cookbook/finetuning-finetuning-on-bedrock"
OPENROUTER = "https://openrouter.ai/anthropic/claude-3-haiku"
OBSERVED_RUN = "a third party's bill of a real run in 2026; not a published price list"
# https://github.com/cloud-custodian/cloud-custodian, tests/terraform/bedrock_provisionable_custom_model
CUSTODIAN = "a bill in the notes of the Cloud Custodian project"
LITELLM = "litellm 1.109.1, model_prices_and_context_window_backup.json"
LITELLM_READ = date(2026, 11, 22)
