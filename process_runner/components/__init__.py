"""What connections and operations may say beside the settings of their connector."""
