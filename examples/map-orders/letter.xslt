<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:output method="text" encoding="UTF-8"/>
  <xsl:param name="greeting">Hello</xsl:param>
  <xsl:template match="/order">
    <xsl:value-of select="concat($greeting, ' ', customer/name, ', order ', @id, ' has:')"/>
    <xsl:for-each select="line">
      <xsl:value-of select="concat(' ', count, ' x ', article)"/>
      <xsl:if test="position() != last()">,</xsl:if>
    </xsl:for-each>
  </xsl:template>
</xsl:stylesheet>
